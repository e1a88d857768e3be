extension BuildState {
    /// The section whose heading is a line.
    func section(at heading: Int) -> LogSection? {
        let index = firstSection(from: heading)
        return index < sections.count && sections[index].heading == heading ? sections[index] : nil
    }

    /// The heading of the section that a line is in, or is.
    func heading(around line: Int) -> Int? {
        let index = firstSection(from: line + 1)
        return sections[..<index].last { $0.heading == line || line < $0.end ?? .max }?.heading
    }

    /// The index of the first section whose heading is at a line or after it.
    func firstSection(from line: Int) -> Int {
        var low = 0
        var high = sections.count
        while low < high {
            let middle = (low + high) / 2
            if sections[middle].heading < line { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
