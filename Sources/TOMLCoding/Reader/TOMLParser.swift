/// Reads TOML 1.0: statements, keys and containers here, scalars in the extensions.
struct TOMLParser {
    var scanner: TOMLScanner
    private let keyMatching: TOMLKeyMatching

    init(bytes: [UInt8], fileName: String, keyMatching: TOMLKeyMatching) {
        scanner = TOMLScanner(bytes: bytes, fileName: fileName)
        self.keyMatching = keyMatching
    }

    mutating func document() throws(TOMLError) -> TOMLTable {
        var draft = newDraft(depth: 0)
        var current = TOMLDraft.root
        while true {
            try scanner.skipBlank()
            guard let byte = scanner.peek() else { return draft.finished() }
            if byte == .openBracket {
                current = try header(&draft)
            } else {
                try pair(in: &draft, current, depth: draft.depth(of: current))
            }
            try scanner.endLine()
        }
    }

    private mutating func newDraft(depth: Int) -> TOMLDraft {
        TOMLDraft(
            fileName: scanner.fileName, keyMatching: keyMatching, position: scanner.position(), depth: depth)
    }

    private mutating func header(_ draft: inout TOMLDraft) throws(TOMLError) -> Int {
        scanner.advance()
        let isElement = scanner.take(.openBracket)
        scanner.skipSpaces()
        let path = try keyPath()
        guard scanner.take(.closeBracket, count: isElement ? 2 : 1) else {
            throw scanner.error("expected \(isElement ? "`]]`" : "`]`"), found \(scanner.described())")
        }
        return isElement ? try draft.openElement(path) : try draft.open(path)
    }

    private mutating func pair(in draft: inout TOMLDraft, _ table: Int, depth: Int) throws(TOMLError) {
        let path = try keyPath()
        guard scanner.take(.equals) else { throw scanner.error("expected `=`, found \(scanner.described())") }
        scanner.skipSpaces()
        try draft.define(path, as: try node(depth: depth + path.count), in: table)
    }

    /// Reads a dotted key and the spaces after it.
    private mutating func keyPath() throws(TOMLError) -> [TOMLKey] {
        var path: [TOMLKey] = []
        repeat {
            scanner.skipSpaces()
            path.append(try key())
            scanner.skipSpaces()
        } while scanner.take(.dot)
        return path
    }

    private mutating func key() throws(TOMLError) -> TOMLKey {
        let position = scanner.position()
        switch scanner.peek() {
        case .quote: return TOMLKey(name: try basicString(), position: position)
        case .apostrophe: return TOMLKey(name: try literalString(), position: position)
        default:
            let start = scanner.index
            while let byte = scanner.peek(), byte.isBareKey { scanner.advance() }
            guard scanner.index > start else { throw scanner.error("expected a key, found \(scanner.described())") }
            return TOMLKey(name: scanner.text(from: start), position: position)
        }
    }

    /// Reads any value, `depth` levels inside others.
    private mutating func node(depth: Int) throws(TOMLError) -> TOMLNode {
        guard depth <= TOMLDraft.depthLimit else { throw scanner.error("nested too deeply") }
        let position = scanner.position()
        return TOMLNode(try value(depth: depth), position: position)
    }

    private mutating func value(depth: Int) throws(TOMLError) -> TOMLValue {
        switch scanner.peek() {
        case .quote:
            let isLong = scanner.peek(1) == .quote && scanner.peek(2) == .quote
            return .string(isLong ? try longBasicString() : try basicString())
        case .apostrophe:
            let isLong = scanner.peek(1) == .apostrophe && scanner.peek(2) == .apostrophe
            return .string(isLong ? try longLiteralString() : try literalString())
        case .openBracket: return .array(try array(depth: depth))
        case .openBrace: return .table(try inlineTable(depth: depth))
        default: return try word()
        }
    }

    private mutating func array(depth: Int) throws(TOMLError) -> [TOMLNode] {
        scanner.advance()
        var items: [TOMLNode] = []
        while true {
            try scanner.skipBlank()
            if scanner.take(.closeBracket) { return items }
            items.append(try node(depth: depth + 1))
            try scanner.skipBlank()
            if scanner.take(.comma) { continue }
            guard scanner.take(.closeBracket) else {
                throw scanner.error("expected `,` or `]` in an array, found \(scanner.described())")
            }
            return items
        }
    }

    private mutating func inlineTable(depth: Int) throws(TOMLError) -> TOMLTable {
        var draft = newDraft(depth: depth)
        scanner.advance()
        scanner.skipSpaces()
        if scanner.take(.closeBrace) { return draft.finished() }
        while true {
            scanner.skipSpaces()
            try pair(in: &draft, TOMLDraft.root, depth: depth)
            scanner.skipSpaces()
            if scanner.take(.comma) { continue }
            guard scanner.take(.closeBrace) else {
                throw scanner.error("expected `,` or `}` in an inline table, found \(scanner.described())")
            }
            return draft.finished()
        }
    }
}
