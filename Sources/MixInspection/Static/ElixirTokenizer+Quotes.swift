/// Strings, charlists, quoted atoms and sigils.
extension ElixirTokenizer {
    private struct Quoted {
        var text: [UInt8] = []
        var isInterpolated = false
    }

    mutating func takeQuoted(_ quote: UInt8) {
        let start = line
        let isHeredoc = peek(1) == quote && peek(2) == quote
        position += isHeredoc ? 3 : 1
        let quoted = readQuoted(until: quote, isHeredoc: isHeredoc, isRaw: false)
        if quoted.isInterpolated { return add(.opaque, line: start) }
        let text = String(decoding: quoted.text, as: UTF8.self)
        let isKey = !isHeredoc && takeKeyMark()
        add(isKey ? .key(text) : .string(text), line: start)
    }

    /// `:name`, `:"name"`, `:+`; two colons are a sign.
    mutating func takeAtom() {
        guard let next = peek(1) else {
            position += 1
            return add(.symbol(":"))
        }
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
            let start = line
            position += 2
            let quoted = readQuoted(until: next, isHeredoc: false, isRaw: false)
            let text = String(decoding: quoted.text, as: UTF8.self)
            return add(quoted.isInterpolated ? .opaque : .atom(text), line: start)
        }
        if next.startsElixirWord {
            position += 1
            var word = readWord()
            while peek() == UInt8(ascii: "@"), peek(1)?.startsElixirWord == true {
                position += 1
                word += "@" + readWord()
            }
            return add(.atom(word))
        }
        if next == UInt8(ascii: ":") || next == UInt8(ascii: " ") || next == UInt8(ascii: "\n") {
            position += next == UInt8(ascii: ":") ? 2 : 1
            return add(.symbol("::"))
        }
        // An operator's atom, such as :+ or :{}; what follows is a sign and of no interest.
        position += 2
        add(.atom(String(decoding: [next], as: UTF8.self)))
    }

    /// `~w(a b)a`, `~S"""…"""` and every other sigil.
    mutating func takeSigil() {
        let start = line
        let name = peek(1) ?? 0
        guard name.isElixirLower || name.isElixirUpper else { return takeSymbol() }
        var length = 2
        while name.isElixirUpper, let byte = peek(length), byte.isElixirUpper || byte.isElixirDigit { length += 1 }
        guard let open = peek(length), let close = Self.closing(open) else { return takeSymbol() }
        let isHeredoc = open == close && peek(length + 1) == open && peek(length + 2) == open
        position += length + (isHeredoc ? 3 : 1)
        let quoted = readQuoted(until: close, isHeredoc: isHeredoc, isRaw: name.isElixirUpper)
        let modifiers = readModifiers()
        add(Self.sigil(name, quoted, modifiers: modifiers), line: start)
    }

    private static func sigil(_ name: UInt8, _ quoted: Quoted, modifiers: [UInt8]) -> ElixirToken.Kind {
        if quoted.isInterpolated { return .opaque }
        let text = String(decoding: quoted.text, as: UTF8.self)
        switch name {
        case UInt8(ascii: "w"), UInt8(ascii: "W"):
            let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
            return .words(words, areAtoms: modifiers.contains(UInt8(ascii: "a")))
        case UInt8(ascii: "s"), UInt8(ascii: "S"), UInt8(ascii: "c"), UInt8(ascii: "C"): return .string(text)
        default: return .opaque
        }
    }

    private mutating func readModifiers() -> [UInt8] {
        let start = position
        while let byte = peek(), byte.isElixirLower || byte.isElixirUpper || byte.isElixirDigit { position += 1 }
        return Array(bytes[start..<position])
    }

    private static func closing(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "("): UInt8(ascii: ")")
        case UInt8(ascii: "["): UInt8(ascii: "]")
        case UInt8(ascii: "{"): UInt8(ascii: "}")
        case UInt8(ascii: "<"): UInt8(ascii: ">")
        case UInt8(ascii: "/"), UInt8(ascii: "|"), UInt8(ascii: "\""), UInt8(ascii: "'"): byte
        default: nil
        }
    }

    /// Reads up to the closing quote, which is taken too.
    private mutating func readQuoted(until quote: UInt8, isHeredoc: Bool, isRaw: Bool) -> Quoted {
        var quoted = Quoted()
        while let byte = peek() {
            if byte == quote, !isHeredoc || (peek(1) == quote && peek(2) == quote) {
                position += isHeredoc ? 3 : 1
                return quoted
            }
            switch byte {
            case UInt8(ascii: "\\"):
                takeEscape(into: &quoted.text, isRaw: isRaw)
            case UInt8(ascii: "#") where !isRaw && peek(1) == UInt8(ascii: "{"):
                quoted.isInterpolated = true
                position += 2
                skipInterpolation(depth: 0)
            case UInt8(ascii: "\n"):
                quoted.text.append(byte)
                advanceLine()
            default:
                quoted.text.append(byte)
                position += 1
            }
        }
        return quoted
    }

    private mutating func takeEscape(into text: inout [UInt8], isRaw: Bool) {
        guard let next = peek(1) else {
            position += 1
            return
        }
        if isRaw { text.append(UInt8(ascii: "\\")) }
        switch next {
        case UInt8(ascii: "n") where !isRaw: text.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t") where !isRaw: text.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "r") where !isRaw: text.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "s") where !isRaw: text.append(UInt8(ascii: " "))
        case UInt8(ascii: "e") where !isRaw: text.append(0x1B)
        case UInt8(ascii: "0") where !isRaw: text.append(0)
        case UInt8(ascii: "\n"): line += 1
        default: text.append(next)
        }
        position += 2
    }

    /// Skips to the brace that ends `#{`; strings inside may have interpolation of their own, to a depth that no person writes.
    private mutating func skipInterpolation(depth: Int) {
        var open = 1
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n"):
                advanceLine()
                continue
            case UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "}"): open -= 1
            case UInt8(ascii: "\"") where depth < 32:
                position += 1
                skipString(depth: depth + 1)
                continue
            default: break
            }
            position += 1
            if open == 0 { return }
        }
    }

    private mutating func skipString(depth: Int) {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n"):
                advanceLine()
                continue
            case UInt8(ascii: "\\"): position += 1
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "#") where peek(1) == UInt8(ascii: "{"):
                position += 2
                skipInterpolation(depth: depth + 1)
                continue
            default: break
            }
            position += 1
        }
    }
}
