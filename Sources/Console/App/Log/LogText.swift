/// What a log shows: its lines, and the stretches of them that can be folded.
struct LogText: Sendable {
    var lines = LogStore()
    var sections: [LogSection] = []
}

extension [LogSection] {
    /// The section whose heading is a line.
    func section(at heading: Int) -> LogSection? {
        let index = firstSection(from: heading)
        return index < count && self[index].heading == heading ? self[index] : nil
    }

    /// The heading of the section that a line is in, or is.
    func heading(around line: Int) -> Int? {
        let index = firstSection(from: line + 1)
        return self[..<index].last { $0.heading == line || line < $0.end ?? .max }?.heading
    }

    /// The index of the first section whose heading is at a line or after it.
    func firstSection(from line: Int) -> Int { endOfPrefix(where: { $0.heading < line }) }
}
