/// Finding a pattern in a log, and lines that match it, as the log grows.
package struct LogSearch: Equatable, Sendable {
    package let pattern: SearchPattern
    /// The numbers of the lines it was found in, ascending.
    package private(set) var matches: [Int] = []
    /// The number of the first line that was not looked at yet.
    package private(set) var end = 0

    /// A search of nothing yet; see ``extend(over:limit:)``.
    package init(_ pattern: SearchPattern) {
        self.pattern = pattern
    }

    /// Looks at lines that were not looked at yet, at most `limit` of them, and forgets lines that are gone.
    ///
    /// Gives whether all was looked at: a long log is searched in several updates, so that keys are not held up.
    @discardableResult
    package mutating func extend(over source: some LogSource, limit: Int = 20_000) -> Bool {
        let lines = source.lines
        if let first = matches.first, first < lines.lowerBound {
            matches.removeFirst(matches.partition(below: lines.lowerBound))
        }
        let start = max(end, lines.lowerBound)
        let stop = min(lines.upperBound, start + limit)
        guard start < stop else { return true }
        for number in start..<stop where pattern.isFound(in: source.text(number)) { matches.append(number) }
        end = stop
        return stop == lines.upperBound
    }

    /// The next match after `line`, or before it, going round at the ends; nil if there is none.
    package func next(from line: Int, backwards: Bool = false) -> Int? {
        if backwards {
            let index = matches.partition(below: line)
            return index > 0 ? matches[index - 1] : matches.last
        }
        let index = matches.partition(below: line + 1)
        return index < matches.count ? matches[index] : matches.first
    }

    /// Where one is among the matches: `3 of 9`; `0 of 9` on a line that is none of them.
    package func counter(at line: Int?) -> String {
        let index = line.flatMap { line in
            let index = matches.partition(below: line)
            return index < matches.count && matches[index] == line ? index + 1 : nil
        }
        return "\(index ?? 0) of \(matches.count)"
    }
}

extension [Int] {
    /// In ascending numbers, how many are below `limit`.
    fileprivate func partition(below limit: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
