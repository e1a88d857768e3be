/// Reads values from words of Elixir source; what is computed comes out as `unknown`, with its extent skipped.
struct ElixirReader {
    private let tokens: [ElixirToken]
    private(set) var position: Int
    /// Values nested deeper than this are unknown, so that no input exhausts the stack.
    private static let maximumDepth = 64

    init(_ tokens: [ElixirToken], at position: Int = 0) {
        self.tokens = tokens
        self.position = position
    }

    var next: ElixirToken.Kind? { position < tokens.count ? tokens[position].kind : nil }

    private var isNextAttached: Bool { position < tokens.count && tokens[position].isAttached }

    mutating func skip() { position += 1 }

    mutating func skipNewlines() {
        while next == .newline { position += 1 }
    }

    /// Reads a value up to the comma, bracket or, outside of brackets, the line's end that ends it.
    mutating func readValue(inBrackets: Bool, depth: Int = 0) -> ElixirValue {
        let first = readOperand(depth: depth)
        return readRest(after: first, inBrackets: inBrackets, depth: depth)
    }

    /// Reads what is joined to an operand that has been read already.
    private mutating func readRest(after first: ElixirValue, inBrackets: Bool, depth: Int) -> ElixirValue {
        var parts = [first]
        while true {
            if inBrackets { skipNewlines() }
            if isAtEnd(inBrackets: inBrackets) { break }
            if !inBrackets, next == .newline {
                guard continuesOnNextLine else { break }
                skipNewlines()
            }
            guard case .symbol(let sign) = next, sign == "++" || sign == "<>" else {
                skipExpression(inBrackets: inBrackets)
                return .unknown
            }
            position += 1
            skipNewlines()
            parts.append(readOperand(depth: depth))
        }
        return parts.count == 1 ? parts[0] : .joined(parts)
    }

    private func isAtEnd(inBrackets: Bool) -> Bool {
        switch next {
        case nil, .comma, .close, .identifier("end"): true
        case .identifier("do"): !inBrackets
        default: false
        }
    }

    /// Whether the next line begins with an operator and so belongs to this value.
    private var continuesOnNextLine: Bool {
        let following = tokens[position...].first { $0.kind != .newline }
        if case .symbol(let sign) = following?.kind { return sign != "&" && sign != "-" && sign != "!" }
        return false
    }

    private mutating func readOperand(depth: Int) -> ElixirValue {
        skipNewlines()
        guard depth < Self.maximumDepth, let token = next else {
            if next != nil { skipExpression(inBrackets: true) }
            return .unknown
        }
        switch token {
        case .atom(let name): return simple(.atom(name))
        case .string(let text): return simple(.string(text))
        case .integer(let value): return simple(.integer(value))
        case .attribute(let name): return simple(.attribute(name))
        case .words(let words, let areAtoms):
            return simple(.list(words.map { areAtoms ? .atom($0) : .string($0) }))
        case .module(let name): return readModule(name)
        case .identifier(let name): return readCall(name)
        case .open(let bracket): return readBracketed(bracket, depth: depth + 1)
        default: return .unknown
        }
    }

    private mutating func simple(_ value: ElixirValue) -> ElixirValue {
        position += 1
        return value
    }

    /// A module's name; with a dot after it, a call, which is not known.
    private mutating func readModule(_ name: String) -> ElixirValue {
        position += 1
        if case .symbol(let sign) = next, sign.hasPrefix(".") { return .unknown }
        return .module(name)
    }

    /// `deps()` or `deps`; anything with arguments is not known.
    private mutating func readCall(_ name: String) -> ElixirValue {
        if name == "do" || name == "end" || name == "fn" { return .unknown }
        position += 1
        guard next == .open(.round), isNextAttached else { return .call(name) }
        guard position + 1 < tokens.count, tokens[position + 1].kind == .close(.round) else { return .unknown }
        position += 2
        return .call(name)
    }

    private mutating func readBracketed(_ bracket: ElixirToken.Bracket, depth: Int) -> ElixirValue {
        position += 1
        if bracket == .binary {
            skipToClose()
            return .unknown
        }
        let (elements, keywords) = readElements(depth: depth)
        switch bracket {
        case .square: return .list(elements)
        // `{:name, key: value}` is `{:name, [key: value]}`.
        case .curly where keywords > 0:
            return .tuple(elements.dropLast(keywords) + [.list(Array(elements.suffix(keywords)))])
        case .curly: return .tuple(elements)
        case .map: return .map(elements)
        case .round, .binary: return elements.count == 1 ? elements[0] : .unknown
        }
    }

    /// Reads elements up to the closing bracket, which is taken too; tells how many at the end are `key: value`.
    private mutating func readElements(depth: Int) -> ([ElixirValue], keywords: Int) {
        var elements: [ElixirValue] = []
        var keywords = 0
        while true {
            skipNewlines()
            switch next {
            case nil: return (elements, keywords)
            case .close:
                position += 1
                return (elements, keywords)
            case .comma:
                position += 1
            default:
                let before = position
                if case .key = next { keywords += 1 } else { keywords = 0 }
                elements.append(readElement(depth: depth))
                // Whatever stands here, go on behind it.
                if position == before { position += 1 }
            }
        }
    }

    private mutating func readElement(depth: Int) -> ElixirValue {
        if case .key(let name) = next {
            position += 1
            return .tuple([.atom(name), readValue(inBrackets: true, depth: depth)])
        }
        let operand = readOperand(depth: depth)
        skipNewlines()
        if next == .symbol("=>") {
            position += 1
            return .tuple([operand, readValue(inBrackets: true, depth: depth)])
        }
        return readRest(after: operand, inBrackets: true, depth: depth)
    }

    /// Skips the rest of an expression, brackets and blocks inside it as a whole.
    mutating func skipExpression(inBrackets: Bool) {
        var open = 0
        while let token = next {
            switch token {
            case .open: open += 1
            case .identifier("do"), .identifier("fn"):
                // A block that opens outside of brackets belongs to what surrounds this expression.
                if open == 0 && !inBrackets && token == .identifier("do") { return }
                open += 1
            case .close, .identifier("end"):
                if open == 0 { return }
                open -= 1
            case .comma where open == 0: return
            case .newline where open == 0 && !inBrackets && !continuesOnNextLine: return
            default: break
            }
            position += 1
        }
    }

    /// Skips to the closing bracket of the one that was just opened.
    private mutating func skipToClose() {
        var open = 1
        while let token = next, open > 0 {
            if case .open = token { open += 1 }
            if case .close = token { open -= 1 }
            position += 1
        }
    }
}
