import TerminalUI

/// The log pane: which lines are shown and where one is in them.
///
/// Places are kept as line numbers, which stay true while lines come and go and filters change.
struct LogPane: Sendable {
    enum Timestamps: Sendable, CaseIterable {
        case off, sinceStart, sincePrevious
    }

    var index = LogIndex()
    var search: LogSearch?
    /// The line under the cursor.
    private(set) var cursor = 0
    /// The first line shown, and which of its rows.
    private(set) var top = LogPosition(line: 0)
    var follows = true
    var wraps = false
    var timestamps = Timestamps.off
    /// The first column shown, while lines are not wrapped.
    var column = 0
    /// Where a marked range begins.
    var rangeStart: Int?
    /// How many lines had come when following stopped.
    private var stoppedAt = 0
    /// Whether lines wait to be looked at by filter or search.
    private(set) var isBehind = false
    var searchHistory = SearchHistory()
    var filterHistory = SearchHistory()

    /// Whether Esc has something to leave: a range, a search, a filter.
    var hasMode: Bool { rangeStart != nil || search != nil || index.filter != nil }

    /// How many lines a single update looks at, so that a key is never kept waiting.
    static let budget = 8_000

    /// Takes in new lines; says whether some are left to look at.
    mutating func advance(_ build: BuildState) {
        let isIndexed = index.advance(over: build.log, sections: build.sections, limit: Self.budget)
        let isSearched = search?.extend(over: build.log, limit: Self.budget) ?? true
        isBehind = !isIndexed || !isSearched
    }

    /// How many lines came since following stopped.
    func newLines(in store: LogStore) -> Int { follows ? 0 : max(0, store.endLine - stoppedAt) }

    mutating func setFollows(_ follows: Bool, in store: LogStore) {
        self.follows = follows
        stoppedAt = store.endLine
        if follows { rangeStart = nil }
    }

    /// Moves the cursor by lines that are shown; upwards stops following, the last line takes it up again.
    mutating func move(by lines: Int, in store: LogStore) {
        let count = index.count(in: store)
        guard count > 0 else { return }
        let position = index.position(of: cursor, in: store) + lines
        cursor = index.line(at: position, in: store) ?? cursor
        if position >= count - 1 && lines > 0 && rangeStart == nil {
            follows = true
        } else if follows {
            setFollows(false, in: store)
        }
    }

    /// Puts the cursor on a line, or the first one shown after it, and stops following.
    mutating func go(to line: Int, in store: LogStore) {
        cursor = index.line(at: index.position(of: line, in: store), in: store) ?? cursor
        setFollows(false, in: store)
    }

    /// Keeps cursor and window within what is shown.
    mutating func settle(_ store: LogStore, width: Int, height: Int) {
        let count = index.count(in: store)
        guard count > 0, height > 0 else { return }
        if follows { cursor = index.line(at: count - 1, in: store) ?? 0 }
        let position = index.position(of: cursor, in: store)
        cursor = index.line(at: position, in: store) ?? cursor
        let rows = LogRows(self, store: store, width: width)
        if follows {
            top = rows.start(endingAt: position, height: height)
            return
        }
        let topPosition = index.position(of: top.line, in: store)
        if position < topPosition || (position == topPosition && top.row > 0) {
            top = LogPosition(line: cursor)
        } else if rows.count(from: (topPosition, top.row), through: position, limit: height) > height {
            top = rows.start(endingAt: position, height: height)
        }
    }
}
