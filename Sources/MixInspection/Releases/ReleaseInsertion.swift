/// Puts a `releases:` entry at the end of the list that `project` of a mix.exs returns.
struct ReleaseInsertion {
    private let bytes: [UInt8]
    private let tokens: [ElixirToken]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        tokens = ElixirTokenizer.tokens(of: bytes)
    }

    /// The file with the entry in it; `nil` where `project` does not simply return one list.
    func adding(_ snippet: ReleaseSnippet) -> [UInt8]? {
        guard let open = listStart, let close = matchingClose(of: open) else { return nil }
        let inside = tokens[(open + 1)..<close].filter { $0.kind != .newline }
        guard let last = inside.last, let first = inside.first else { return nil }
        let isOnOneLine = tokens[open].line == tokens[close].line
        let entry = isOnOneLine ? snippet.line : indented(snippet.text, as: first)
        let comma = last.kind == .comma ? "" : ","
        let gap = isOnOneLine ? " " : "\n"
        // The comma goes right behind the last value, in front of a comment that may follow it.
        let end = last.range.upperBound
        let lineEnd = isOnOneLine ? end : bytes[end...].firstIndex(of: UInt8(ascii: "\n")) ?? end
        return Array(bytes[..<end]) + Array(comma.utf8) + Array(bytes[end..<lineEnd]) + Array((gap + entry).utf8)
            + Array(bytes[lineEnd...])
    }

    /// The `[` that follows `def project do` or `def project, do:`.
    private var listStart: Int? {
        for index in tokens.indices.dropLast(2)
        where tokens[index].kind == .identifier("def") && tokens[index + 1].kind == .identifier("project") {
            var place = index + 2
            let passed: [ElixirToken.Kind] = [
                .open(.round), .close(.round), .comma, .key("do"), .identifier("do"), .newline,
            ]
            while place < tokens.count, passed.contains(tokens[place].kind) { place += 1 }
            guard place < tokens.count, tokens[place].kind == .open(.square) else { return nil }
            return place
        }
        return nil
    }

    private func matchingClose(of open: Int) -> Int? {
        var depth = 0
        for index in open..<tokens.count {
            switch tokens[index].kind {
            case .open: depth += 1
            case .close:
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }

    /// The lines with the indentation of the list's first element.
    private func indented(_ text: String, as first: ElixirToken) -> String {
        let lineStart = bytes[..<first.range.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let blanks = bytes[lineStart...].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let indentation = String(decoding: blanks, as: UTF8.self)
        return text.split(separator: "\n").map { indentation + $0 }.joined(separator: "\n")
    }
}
