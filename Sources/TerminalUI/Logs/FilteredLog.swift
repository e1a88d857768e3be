/// The lines of a log that a search found, as a log of their own: what `&` shows.
public struct FilteredLog<Source: LogSource>: LogSource {
    private let source: Source
    private let matches: [Int]

    /// The lines of `source` that `search` found.
    public init(_ source: Source, _ search: LogSearch) {
        self.source = source
        matches = search.matches
    }

    /// The numbers among the lines found.
    public var lines: Range<Int> { matches.indices }

    /// A line found, by its number among them.
    public func line(_ number: Int) -> StyledLine { source.line(matches[number]) }

    /// The number in the whole log of a line found.
    public func original(_ number: Int) -> Int? { matches.indices.contains(number) ? matches[number] : nil }
}
