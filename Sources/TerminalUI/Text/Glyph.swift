/// One grapheme as it is drawn: its text after clean-up, and the columns it takes.
///
/// What terminals disagree on is settled here, once, so that a row is as wide on every terminal: a variation selector is
/// dropped, of a joined emoji only the first shows, a flag shows as its two letters, control characters become blanks.
package struct Glyph: Hashable, Sendable {
    /// What is written to the terminal.
    package let text: String
    /// Columns: 1 or 2; 0 where nothing is left to draw.
    package let width: Int

    package init(_ character: Character) {
        var scalars = character.unicodeScalars.makeIterator()
        guard let first = scalars.next() else {
            self.init(text: "", width: 0)
            return
        }
        let width = Glyph.width(of: first)
        guard width > 0 else {
            // A mark with nothing to stand on has no column; a control character leaves a blank.
            self.init(text: Glyph.isControl(first) ? " " : "", width: Glyph.isControl(first) ? 1 : 0)
            return
        }
        guard let second = scalars.next() else {
            self.init(text: String(Character(first)), width: width)
            return
        }
        if let letter = Glyph.flagLetter(first), let other = Glyph.flagLetter(second) {
            self.init(text: String([Character(letter), Character(other)]), width: 2)
            return
        }
        self.init(text: Glyph.marked(first, second, &scalars), width: width)
    }

    private init(text: String, width: Int) {
        self.text = text
        self.width = width
    }

    /// The base with at most three combining marks; what follows a joiner or would restyle the base is dropped.
    private static func marked(
        _ base: Unicode.Scalar, _ second: Unicode.Scalar, _ rest: inout String.UnicodeScalarView.Iterator
    ) -> String {
        var kept = String.UnicodeScalarView([base])
        var next: Unicode.Scalar? = second
        while let scalar = next, scalar.value != 0x200D, kept.count < 4 {
            let isMark = WidthTable.contains(scalar.value, in: WidthTable.zero) && !isFormat(scalar)
            if isMark { kept.append(scalar) }
            next = rest.next()
        }
        return String(kept)
    }

    /// Variation selectors, tags and direction marks: they change how terminals measure or order a row.
    private static func isFormat(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xFE00...0xFE0F, 0xE0000...0xE01EF, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }

    private static func flagLetter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard (0x1F1E6...0x1F1FF).contains(scalar.value) else { return nil }
        return Unicode.Scalar(scalar.value - 0x1F1E6 + 0x41)
    }

    /// Whether a terminal would act on `scalar` instead of showing it (C0, DEL, C1).
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// The columns that one scalar takes alone: 0, 1 or 2.
    package static func width(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return isControl(scalar) ? 0 : 1 }
        if value >= 0x1100, WidthTable.contains(value, in: WidthTable.wide) { return 2 }
        return WidthTable.contains(value, in: WidthTable.zero) ? 0 : 1
    }
}
