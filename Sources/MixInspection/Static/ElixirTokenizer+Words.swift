/// Words, numbers and signs.
extension ElixirTokenizer {
    mutating func takeWord() {
        if bytes[position].isElixirUpper { return takeModule() }
        let word = readWord()
        if takeKeyMark() { return add(.key(word)) }
        switch word {
        case "true", "false", "nil": add(.atom(word))
        default: add(.identifier(word))
        }
    }

    private mutating func takeModule() {
        var name = readWord()
        if takeKeyMark() { return add(.key(name)) }
        while peek() == UInt8(ascii: "."), let next = peek(1), next.isElixirUpper {
            position += 1
            name += "." + readWord()
        }
        add(.module(name))
    }

    /// Letters, digits and underscores, with a `?` or `!` at the end.
    mutating func readWord() -> String {
        let start = position
        while let byte = peek(), byte.continuesElixirWord { position += 1 }
        if let byte = peek(), byte == UInt8(ascii: "?") || byte == UInt8(ascii: "!"), peek(1) != UInt8(ascii: "=") {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Takes the colon that makes a word a key: one colon, and then no other.
    mutating func takeKeyMark() -> Bool {
        guard peek() == UInt8(ascii: ":"), peek(1) != UInt8(ascii: ":") else { return false }
        position += 1
        return true
    }

    mutating func takeAttribute() {
        position += 1
        guard let byte = peek(), byte.startsElixirWord else { return add(.symbol("@")) }
        add(.attribute(readWord()))
    }

    /// `?a` and `?\n`.
    mutating func takeCharacter() {
        position += peek(1) == UInt8(ascii: "\\") ? 2 : 1
        if let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
        while let byte = peek(), byte & 0xC0 == 0x80 { position += 1 }
        add(.number)
    }

    mutating func takeNumber() {
        let start = position
        while let byte = peek(), byte.continuesElixirWord { position += 1 }
        let isFloat = peek() == UInt8(ascii: ".") && peek(1)?.isElixirDigit == true
        if isFloat {
            position += 1
            while let byte = peek(), byte.continuesElixirWord { position += 1 }
        }
        let digits = bytes[start..<position].filter { $0 != UInt8(ascii: "_") }
        let value = isFloat ? nil : Int(String(decoding: digits, as: UTF8.self))
        add(value.map { .integer($0) } ?? .number)
    }

    mutating func takeSymbol() {
        if let (bracket, length, isOpening) = bracketHere() {
            add(isOpening ? .open(bracket) : .close(bracket))
            position += length
            return
        }
        let start = position
        position += 1
        while let byte = peek(), Self.signs.contains(byte), position - start < 3 { position += 1 }
        add(.symbol(String(decoding: bytes[start..<position], as: UTF8.self)))
    }

    private func bracketHere() -> (ElixirToken.Bracket, length: Int, isOpening: Bool)? {
        if isNext("%{") { return (.map, 2, true) }
        if isNext("<<") && !isNext("<<<") { return (.binary, 2, true) }
        if isNext(">>") && !isNext(">>>") { return (.binary, 2, false) }
        switch bytes[position] {
        case UInt8(ascii: "("): return (.round, 1, true)
        case UInt8(ascii: ")"): return (.round, 1, false)
        case UInt8(ascii: "["): return (.square, 1, true)
        case UInt8(ascii: "]"): return (.square, 1, false)
        case UInt8(ascii: "{"): return (.curly, 1, true)
        case UInt8(ascii: "}"): return (.curly, 1, false)
        default: return nil
        }
    }

    private static let signs = Set("+-*/<>=|&^!.~".utf8)
}
