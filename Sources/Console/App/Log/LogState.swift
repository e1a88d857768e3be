import TerminalUI

/// Which lines of the log are shown, and where the cursor is in them.
///
/// Places are kept as line numbers, which stay true while lines come and go and filters change.
struct LogState: Sendable {
    enum Timestamps: String, Sendable, CaseIterable {
        case off = "none"
        case sinceStart = "since the start"
        case sincePrevious = "since the previous line"
    }

    /// What stays from one build to the next.
    struct Kept: Sendable {
        /// Whether lines that are too long go on in the next row.
        var wraps = true
        var timestamps = Timestamps.off
        var searchHistory = SearchHistory()
        var filterHistory = SearchHistory()
    }

    var kept = Kept()
    var index = LogIndex()
    var search: LogSearch?
    /// Where the cursor was when the search began, until its first match from there is found.
    private(set) var soughtFrom: Int?
    /// Where the cursor was when the pattern began to be typed.
    var searchStart: Int?
    /// The line under the cursor.
    private(set) var cursor = 0
    /// The first line shown, and which of its rows.
    private(set) var top = LogPosition(line: 0)
    var follows = true
    /// The first column shown, while lines are not wrapped.
    private(set) var column = 0
    /// The columns that lines had room for when they were last drawn.
    private(set) var width = 76
    /// Where a marked range begins.
    var rangeStart: Int?
    /// How many lines had come when following stopped.
    private var stoppedAt = 0
    /// Whether lines wait to be looked at by filter or search.
    private(set) var isBehind = false

    init(kept: Kept = Kept()) { self.kept = kept }

    /// Whether Esc has something to leave: a range, a search, a filter.
    var hasMode: Bool { rangeStart != nil || search != nil || index.filter != nil }

    /// How many lines a single update looks at, so that a key is never kept waiting.
    static let budget = 8_000

    /// Looks at new lines for filter and search, up to a limit.
    mutating func advance(_ text: LogText) {
        let isIndexed = index.advance(over: text.lines, sections: text.sections, limit: Self.budget)
        let isSearched = search?.extend(over: text.lines, limit: Self.budget) ?? true
        isBehind = !isIndexed || !isSearched
        if isSearched, search?.matches.isEmpty != false { soughtFrom = nil }
    }

    /// Begins a search, whose first match from the cursor on is the place to go to.
    mutating func seek(_ search: LogSearch?) {
        self.search = search
        soughtFrom = search == nil ? nil : searchStart ?? cursor
    }

    /// The first match of a search that has just been found; a match before the start counts once there is no other.
    mutating func takeFirstMatch() -> Int? {
        guard let start = soughtFrom, let line = search?.next(from: start - 1), line >= start || !isBehind else {
            return nil
        }
        soughtFrom = nil
        return line
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

    /// Looks at all lines again, if the level decides which are shown: one of them is of another kind now.
    mutating func takeNewKinds() {
        if index.level != .all { index.setLevel(index.level) }
    }

    /// Moves lines that are not wrapped sideways.
    mutating func slide(_ action: ListAction) {
        guard !kept.wraps else { return }
        let half = max(1, width / 2)
        let columns: Int? =
            switch action {
            case .left: -8
            case .right: 8
            case .scrollLeft: -half
            case .scrollRight: half
            case .up, .down, .top, .bottom, .halfUp, .halfDown, .pageUp, .pageDown, .open: nil
            }
        if let columns { column = max(0, column + columns) }
    }

    /// Puts the cursor on a line, or the first one shown after it, and stops following.
    mutating func go(to line: Int, in store: LogStore) {
        cursor = index.line(at: index.position(of: line, in: store), in: store) ?? cursor
        setFollows(false, in: store)
    }

    /// Keeps cursor and window within what is shown.
    mutating func settle(_ text: LogText, width: Int, height: Int) {
        self.width = width
        let store = text.lines
        let count = index.count(in: store)
        guard count > 0, height > 0 else { return }
        if follows { cursor = index.line(at: count - 1, in: store) ?? 0 }
        let position = index.position(of: cursor, in: store)
        cursor = index.line(at: position, in: store) ?? cursor
        let rows = LogRows(self, of: text, width: width)
        if follows {
            top = rows.start(endingAt: position, height: height)
            return
        }
        let topPosition = index.position(of: top.line, in: store)
        if position < topPosition || (position == topPosition && top.row > 0) {
            top = LogPosition(line: cursor)
        } else if rows.count(from: (topPosition, top.row), through: position, limit: height) > height {
            top = rows.start(endingAt: position, height: height)
        } else if rows.count(from: (topPosition, top.row), through: count - 1, limit: height) < height {
            // What was folded or filtered away leaves no empty rows.
            top = rows.start(endingAt: count - 1, height: height)
        }
    }

    /// The text of the marked lines, the line under the cursor, or all that is shown.
    func text(in store: LogStore, all: Bool) -> String {
        let count = index.count(in: store)
        var positions = 0..<count
        if !all {
            let here = index.position(of: cursor, in: store)
            let start = rangeStart.map { index.position(of: $0, in: store) } ?? here
            positions = min(start, here)..<min(count, max(start, here) + 1)
        }
        var lines: [String] = []
        for position in positions {
            guard let number = index.line(at: position, in: store), let line = store.kept(number) else { continue }
            lines.append(line.text)
        }
        return lines.joined(separator: "\n") + (lines.count > 1 ? "\n" : "")
    }
}
