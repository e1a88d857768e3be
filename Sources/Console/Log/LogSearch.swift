/// The lines in which a pattern is found; looked at once, as they come.
struct LogSearch: Sendable {
    /// What is searched.
    let pattern: LinePattern
    /// The numbers of the lines that match, ascending.
    private(set) var found: [Int] = []
    private var next = 0

    init(_ pattern: LinePattern) { self.pattern = pattern }

    /// Looks at up to `limit` new lines; false when there are more.
    mutating func advance(over store: LogStore, limit: Int = .max) -> Bool {
        let start = max(next, store.firstLine)
        let end = limit == .max ? store.endLine : min(store.endLine, start + limit)
        var found = found
        self.found = []
        store.forEachLine(in: start..<max(start, end)) { line in
            let bytes = line.hasEscapes ? ArraySlice(EscapeSequences.removed(from: line.bytes)) : line.bytes
            if pattern.firstMatch(in: bytes) != nil { found.append(line.number) }
            return true
        }
        if let oldest = found.first, oldest < store.firstLine { found.removeAll { $0 < store.firstLine } }
        self.found = found
        next = max(start, end)
        return next >= store.endLine
    }

    /// The first match after a line, or from the start again.
    func match(after line: Int) -> Int? { found.first { $0 > line } ?? found.first }

    /// The last match before a line, or from the end again.
    func match(before line: Int) -> Int? { found.last { $0 < line } ?? found.last }
}
