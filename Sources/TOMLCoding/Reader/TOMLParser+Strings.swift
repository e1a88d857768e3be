/// The four kinds of string.
extension TOMLParser {
    /// Reads `"…"`.
    mutating func basicString() throws(TOMLError) -> String {
        scanner.advance()
        var content: [UInt8] = []
        while let byte = scanner.peek(), byte != .lineFeed {
            if scanner.take(.quote) { return String(decoding: content, as: UTF8.self) }
            if byte == .backslash { try escape(into: &content) } else { try plain(byte, into: &content) }
        }
        throw scanner.error("a string that is not closed with `\"` on its line")
    }

    /// Reads `'…'`.
    mutating func literalString() throws(TOMLError) -> String {
        scanner.advance()
        var content: [UInt8] = []
        while let byte = scanner.peek(), byte != .lineFeed {
            if scanner.take(.apostrophe) { return String(decoding: content, as: UTF8.self) }
            try plain(byte, into: &content)
        }
        throw scanner.error("a string that is not closed with `'` on its line")
    }

    /// Reads `"""…"""`.
    mutating func longBasicString() throws(TOMLError) -> String {
        scanner.advance(3)
        _ = scanner.takeNewline()
        var content: [UInt8] = []
        while let byte = scanner.peek() {
            if byte == .quote, closes(.quote, into: &content) { return String(decoding: content, as: UTF8.self) }
            if byte == .backslash {
                if try !lineEnding() { try escape(into: &content) }
            } else {
                try longPlain(byte, into: &content)
            }
        }
        throw scanner.error("a string that is not closed with `\"\"\"`")
    }

    /// Reads `'''…'''`.
    mutating func longLiteralString() throws(TOMLError) -> String {
        scanner.advance(3)
        _ = scanner.takeNewline()
        var content: [UInt8] = []
        while let byte = scanner.peek() {
            if byte == .apostrophe, closes(.apostrophe, into: &content) {
                return String(decoding: content, as: UTF8.self)
            }
            try longPlain(byte, into: &content)
        }
        throw scanner.error("a string that is not closed with `'''`")
    }

    /// Passes the quotes that are next if they close a long string; up to two of them belong to its content.
    private mutating func closes(_ quote: UInt8, into content: inout [UInt8]) -> Bool {
        var count = 0
        while count < 5, scanner.peek(count) == quote { count += 1 }
        guard count >= 3 else { return false }
        content.append(contentsOf: repeatElement(quote, count: count - 3))
        scanner.advance(count)
        return true
    }

    private mutating func plain(_ byte: UInt8, into content: inout [UInt8]) throws(TOMLError) {
        guard !byte.isForbidden else { throw scanner.error("a control character in a string") }
        content.append(byte)
        scanner.advance()
    }

    private mutating func longPlain(_ byte: UInt8, into content: inout [UInt8]) throws(TOMLError) {
        let start = scanner.index
        guard scanner.takeNewline() else { return try plain(byte, into: &content) }
        content.append(contentsOf: scanner.bytes[start..<scanner.index])
    }

    /// Passes a backslash at the end of a line with all the blanks and newlines after it, if that is what is next.
    private mutating func lineEnding() throws(TOMLError) -> Bool {
        var ahead = 1
        while let byte = scanner.peek(ahead), byte == .space || byte == .tab { ahead += 1 }
        let isLineEnd =
            scanner.peek(ahead) == .lineFeed
            || (scanner.peek(ahead) == .carriageReturn && scanner.peek(ahead + 1) == .lineFeed)
        guard isLineEnd else { return false }
        scanner.advance(ahead)
        repeat { scanner.skipSpaces() } while scanner.takeNewline()
        return true
    }

    private mutating func escape(into content: inout [UInt8]) throws(TOMLError) {
        let letter = scanner.peek(1)
        switch letter {
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "t"): content.append(.tab)
        case UInt8(ascii: "n"): content.append(.lineFeed)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "r"): content.append(.carriageReturn)
        case .quote: content.append(.quote)
        case .backslash: content.append(.backslash)
        case UInt8(ascii: "u"): return try unicodeEscape(digits: 4, into: &content)
        case UInt8(ascii: "U"): return try unicodeEscape(digits: 8, into: &content)
        default: throw scanner.error("unknown escape in a string; write `\\\\` for a backslash, or use '…'")
        }
        scanner.advance(2)
    }

    private mutating func unicodeEscape(digits: Int, into content: inout [UInt8]) throws(TOMLError) {
        var code: UInt32 = 0
        for ahead in 2..<(2 + digits) {
            guard let digit = scanner.peek(ahead)?.digitValue else {
                throw scanner.error("expected \(digits) hexadecimal digits in a Unicode escape")
            }
            code = code << 4 | UInt32(digit)
        }
        guard let scalar = Unicode.Scalar(code) else { throw scanner.error("not a Unicode scalar value in a string") }
        content.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        scanner.advance(2 + digits)
    }
}
