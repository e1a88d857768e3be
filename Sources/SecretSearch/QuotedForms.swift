/// A value as programs write it between quotes or behind backslashes.
///
/// Sources: Elixir's `inspect`, Erlang's `~p`, [RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7) for
/// JSON, the POSIX shell's quotes, and the character references of HTML.
enum QuotedForms {
    /// The texts that differ from the value.
    static func all(of value: String) -> [[UInt8]] {
        let ways: [(Unicode.Scalar) -> String?] = [
            simple, elixir, erlang, { json($0) }, { json($0, slash: true) }, { json($0, onlyASCII: true) },
            { json($0, onlyASCII: true, capitals: true) }, { json($0, slash: true, onlyASCII: true) }, shell, html,
        ]
        let texts = ways.map { written(value, $0) } + [written(value) { $0 == "'" ? #"'\''"# : nil }]
        let withInterpolation = written(value, elixir).replacing("#{", with: "\\#{")
        let latin = Self.latin(value)
        let all =
            texts + [withInterpolation, written(value) { $0 == "'" ? "'\"'\"'" : nil }]
            + [latin, written(latin, erlang)]
        return all.filter { $0 != value }.map { Array($0.utf8) }
    }

    /// As Erlang's `~p` writes the bytes of a binary: each as the character of its number in Latin-1.
    private static func latin(_ value: String) -> String {
        String(String.UnicodeScalarView(value.utf8.map { Unicode.Scalar($0) }))
    }

    private static func written(_ value: String, _ way: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            if let text = way(scalar) { result += text } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    private static func simple(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\"", "\\": "\\\(scalar)"
        default: nil
        }
    }

    private static func elixir(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\0": "\\0"
        case "\u{7}": "\\a"
        case "\u{8}": "\\b"
        case "\u{B}": "\\v"
        case "\u{C}": "\\f"
        case "\u{1B}": "\\e"
        case "\u{7F}": "\\d"
        case "\u{FEFF}": "\\uFEFF"
        case _ where scalar.value < 32 && simple(scalar) == nil: "\\x" + hex(scalar.value, digits: 2, capitals: true)
        default: simple(scalar)
        }
    }

    private static func erlang(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\u{8}", "\u{B}", "\u{C}", "\u{1B}", "\u{7F}": elixir(scalar)
        case _ where scalar.value < 32 && simple(scalar) == nil: "\\" + octal(scalar.value)
        default: simple(scalar)
        }
    }

    private static func json(
        _ scalar: Unicode.Scalar, slash: Bool = false, onlyASCII: Bool = false, capitals: Bool = false
    ) -> String? {
        switch scalar {
        case "/": slash ? "\\/" : nil
        case "\u{8}": "\\b"
        case "\u{C}": "\\f"
        case _ where scalar.value < 32 && simple(scalar) == nil:
            "\\u" + hex(scalar.value, digits: 4, capitals: capitals)
        case _ where scalar.value > 127 && onlyASCII:
            String(scalar).utf16.map { "\\u" + hex(UInt32($0), digits: 4, capitals: capitals) }.joined()
        default: simple(scalar)
        }
    }

    /// As `printf %q` writes a word.
    private static func shell(_ scalar: Unicode.Scalar) -> String? {
        let isPlain =
            scalar.value > 127 || scalar.properties.isAlphabetic
            || "0123456789_@%+=:,./-".unicodeScalars.contains(scalar)
        return isPlain || scalar.value < 32 ? nil : "\\\(scalar)"
    }

    private static func html(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: nil
        }
    }

    private static func hex(_ value: UInt32, digits: Int, capitals: Bool) -> String {
        let text = String(value, radix: 16, uppercase: capitals)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func octal(_ value: UInt32) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }
}
