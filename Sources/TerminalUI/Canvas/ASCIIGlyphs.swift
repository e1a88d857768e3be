/// What is drawn in the place of glyphs where a terminal or its locale shows ASCII alone.
package enum ASCIIGlyphs {
    private static let table: [UInt32: Character] = [
        0x2500: "-", 0x2501: "=", 0x2502: "|", 0x2503: "#", 0x250C: "+", 0x2510: "+", 0x2514: "+", 0x2518: "+",
        0x251C: "+", 0x2524: "+", 0x252C: "+", 0x2534: "+", 0x253C: "+", 0x2713: "v", 0x2717: "x", 0x25B8: ">",
        0x25BE: "v", 0x203A: ">", 0x2039: "<", 0x2022: "*", 0x00B7: ".", 0x2026: "~", 0x2190: "<", 0x2191: "^",
        0x2192: ">", 0x2193: "v", 0x2013: "-", 0x2014: "-", 0x2018: "'", 0x2019: "'", 0x201C: "\"", 0x201D: "\"",
        0x00D7: "x", 0x25B6: ">", 0x25CF: "*", 0x25CB: "o", 0x2588: "#", 0x258C: "=", 0x2592: ":", 0x2591: ".",
        0x00A0: " ",
    ]

    /// The ASCII character for a scalar; `?` for one without a likeness.
    package static func character(for scalar: Unicode.Scalar) -> Character {
        scalar.isASCII ? Character(scalar) : table[scalar.value] ?? "?"
    }

    /// The text of one cell in ASCII, as wide as it was.
    package static func text(for text: String, width: Int) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        return String(character(for: first)) + String(repeating: " ", count: max(0, width - 1))
    }
}

extension Canvas {
    package var ascii: Canvas {
        var result = Canvas(size: size)
        for y in 0..<size.height {
            for x in 0..<size.width {
                guard let cell = self[Point(x: x, y: y)], cell.width > 0 else { continue }
                let text = ASCIIGlyphs.text(for: cell.text, width: cell.width)
                result.write(text, at: Point(x: x, y: y), style: cell.style)
            }
        }
        return result
    }
}
