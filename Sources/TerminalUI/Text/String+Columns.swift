extension StringProtocol {
    /// The columns that the text takes on the screen; control characters count one, as they are drawn as blanks.
    package var columns: Int {
        var total = 0
        for byte in utf8 {
            // One byte a column as long as all is ASCII: most text is.
            if byte >= 0x80 { return reduce(0) { $0 + Glyph($1).width } }
            total += 1
        }
        return total
    }

    /// The longest beginning that fits `columns`, with `…` at its end where something was cut.
    package func truncated(to columns: Int) -> String {
        guard self.columns > columns else { return String(self) }
        guard columns > 0 else { return "" }
        return prefix(columns: columns - 1) + "…"
    }

    /// The text in `columns`, with `…` in its middle where something was cut: both ends tell names apart.
    package func shortened(to columns: Int) -> String {
        guard self.columns > columns, columns > 2 else { return truncated(to: columns) }
        let head = prefix(columns: columns / 2)
        let tail = String(String(reversed()).prefix(columns: columns - 1 - head.columns).reversed())
        return head + "…" + tail
    }

    package func prefix(columns: Int) -> String {
        guard columns > 0 else { return "" }
        // A byte a column as long as all is ASCII: most text is.
        if utf8.prefix(columns).allSatisfy({ $0 < 0x80 }) {
            let end = utf8.index(startIndex, offsetBy: columns, limitedBy: endIndex) ?? endIndex
            // What follows could still join the last letter: an accent, say.
            if end == endIndex || utf8[end] < 0x80 { return String(self[startIndex..<end]) }
        }
        var left = columns
        var end = startIndex
        for index in indices {
            let width = Glyph(self[index]).width
            if width > left { break }
            left -= width
            end = self.index(after: index)
        }
        return String(self[startIndex..<end])
    }

    /// The text with blanks behind it up to `columns`, or cut to them.
    package func padded(to columns: Int) -> String {
        let missing = columns - self.columns
        return missing >= 0 ? String(self) + String(repeating: " ", count: missing) : truncated(to: columns)
    }
}

extension String {
    /// Whether every character is ASCII, a byte and a column each; eight bytes at a time, as lines of logs may be long.
    var isASCII: Bool {
        var text = self
        return text.withUTF8 { $0.isASCII }
    }
}

extension UnsafeBufferPointer<UInt8> {
    var isASCII: Bool {
        let raw = UnsafeRawBufferPointer(self)
        let words = raw.count / 8
        for word in 0..<words
        where raw.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 {
            return false
        }
        return raw[(words * 8)...].allSatisfy { $0 < 0x80 }
    }
}
