/// Where one is in a log, and how it is shown.
public struct LogViewState: Hashable, Sendable {
    /// The first row that shows, as far as ``follows`` is off.
    public private(set) var top = LogPosition(line: 0)
    /// Whether the newest line is kept in view.
    public private(set) var follows: Bool
    /// Whether long lines are broken into rows; otherwise they are cut, and sideways moves show the rest.
    public private(set) var wraps: Bool
    /// The first column that shows of lines that are not wrapped.
    public private(set) var column = 0
    /// The line that a jump went to, or that the search is at.
    public private(set) var current: Int?
    /// How many lines there were when following ended.
    private var seen = 0

    /// A view that follows.
    public init(follows: Bool = true, wraps: Bool = false) {
        self.follows = follows
        self.wraps = wraps
    }

    /// The first row to draw.
    public func shownTop(in layout: LogLayout<some LogSource>) -> LogPosition {
        follows ? layout.bottom : layout.clamp(top)
    }

    /// How many lines came since following ended: `↓ 37 new`.
    public func newCount(in source: some LogSource) -> Int {
        follows ? 0 : max(0, source.lines.upperBound - seen)
    }

    /// Moves by rows; up ends following, coming to the end by moving down begins it again.
    public mutating func scroll(by rows: Int, in layout: LogLayout<some LogSource>) {
        let start = shownTop(in: layout)
        let target = min(layout.move(start, by: rows), layout.bottom)
        setTop(target, in: layout)
        if rows > 0, target == layout.bottom { follow() }
    }

    /// Goes to the first line.
    public mutating func scrollToTop(in layout: LogLayout<some LogSource>) {
        setTop(LogPosition(line: layout.source.lines.lowerBound), in: layout)
    }

    /// Goes to the newest line and follows.
    public mutating func follow() {
        follows = true
        current = nil
    }

    /// Begins to follow, or ends it where one is.
    public mutating func toggleFollow(in layout: LogLayout<some LogSource>) {
        if follows { setTop(layout.bottom, in: layout) } else { follow() }
    }

    /// Breaks long lines, or cuts them; the first line in view stays.
    public mutating func toggleWrap(in layout: LogLayout<some LogSource>) {
        top = LogPosition(line: shownTop(in: layout).line)
        wraps.toggle()
        column = 0
    }

    /// Moves sideways; without effect on wrapped lines.
    public mutating func scrollSideways(by columns: Int) {
        column = wraps ? 0 : max(0, column + columns)
    }

    /// Brings a line into view, a third down from the top, and marks it.
    public mutating func jump(to line: Int, in layout: LogLayout<some LogSource>) {
        let start = shownTop(in: layout)
        let end = layout.move(start, by: layout.size.height - 1)
        let isInView = line >= start.line && line <= end.line
        let target = isInView ? start : layout.move(LogPosition(line: line), by: -layout.size.height / 3)
        setTop(min(target, layout.bottom), in: layout)
        current = line
    }

    private mutating func setTop(_ position: LogPosition, in layout: LogLayout<some LogSource>) {
        if follows { seen = layout.source.lines.upperBound }
        follows = false
        top = position
    }
}
