import TerminalUI

/// Which lines of the log the pane shows, after filter, level and folding; with none of them, all.
///
/// Lines are looked at once, as they come; a change of filter begins anew. Positions count what is shown, from 0.
struct LogIndex: Sendable {
    private(set) var filter: SearchPattern?
    private(set) var level = LogLevel.all
    /// The headings of folded sections.
    private(set) var folded: Set<Int> = []
    private var lines: [Int32]?
    private var next = 0

    mutating func setFilter(_ filter: SearchPattern?) {
        self.filter = filter
        restart()
    }

    mutating func setLevel(_ level: LogLevel) {
        self.level = level
        restart()
    }

    mutating func setFolded(_ folded: Set<Int>) {
        guard folded != self.folded else { return }
        self.folded = folded
        restart()
    }

    private mutating func restart() {
        lines = filter == nil && level == .all && folded.isEmpty ? nil : []
        next = 0
    }

    /// Looks at up to `limit` new lines; false when there are more.
    mutating func advance(over store: LogStore, sections: [LogSection], limit: Int = .max) -> Bool {
        guard var lines = self.lines.take() else { return true }
        let hidden = hiddenRanges(sections)
        let start = max(next, store.firstLine)
        let end = limit == .max ? store.endLine : min(store.endLine, start + limit)
        var range = 0
        store.forEachLine(in: start..<max(start, end)) { line in
            while range < hidden.count, hidden[range].upperBound <= line.number { range += 1 }
            let isHidden = range < hidden.count && hidden[range].contains(line.number)
            if !isHidden && shows(line) { lines.append(Int32(line.number)) }
            return true
        }
        next = max(start, end)
        dropForgotten(&lines, before: store.firstLine)
        self.lines = lines
        return next >= store.endLine
    }

    private func shows(_ line: LogLine) -> Bool {
        guard level.shows(line.kind) else { return false }
        guard let filter else { return true }
        return filter.isFound(in: line.text)
    }

    /// The bodies of folded sections, in order, none within another.
    private func hiddenRanges(_ sections: [LogSection]) -> [Range<Int>] {
        guard !folded.isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        for section in sections where folded.contains(section.heading) {
            let range = (section.heading + 1)..<max(section.heading + 1, section.end ?? .max)
            if let last = ranges.last, last.upperBound >= range.upperBound { continue }
            ranges.append(range)
        }
        return ranges
    }

    private func dropForgotten(_ lines: inout [Int32], before first: Int) {
        guard let oldest = lines.first, Int(oldest) < first else { return }
        let count = lines.endOfPrefix(where: { $0 < first })
        if count > 4096 || count == lines.count { lines.removeFirst(count) }
    }

    /// How many lines are shown in all.
    func count(in store: LogStore) -> Int {
        guard let lines else { return store.count }
        return lines.count - forgotten(lines, store)
    }

    /// The number of the line at a position; the nearest where there is none.
    func line(at position: Int, in store: LogStore) -> Int? {
        let count = count(in: store)
        guard count > 0 else { return nil }
        let position = min(max(0, position), count - 1)
        guard let lines else { return store.firstLine + position }
        return Int(lines[forgotten(lines, store) + position])
    }

    /// The position of a line, or of the first one shown after it.
    func position(of line: Int, in store: LogStore) -> Int {
        guard let lines else { return min(max(0, line - store.firstLine), max(0, store.count - 1)) }
        let index = lines.endOfPrefix(where: { $0 < line }) - forgotten(lines, store)
        return min(max(0, index), max(0, count(in: store) - 1))
    }

    private func forgotten(_ lines: [Int32], _ store: LogStore) -> Int {
        guard let oldest = lines.first, Int(oldest) < store.firstLine else { return 0 }
        return lines.endOfPrefix(where: { $0 < store.firstLine })
    }
}
