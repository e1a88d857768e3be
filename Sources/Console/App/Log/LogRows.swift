import TerminalUI
import Text

/// The rows that lines of the log take on the screen, worked out for the rows in view only.
struct LogRows: Sendable {
    private let pane: LogState
    private let text: LogText
    private let width: Int
    private var store: LogStore { text.lines }

    init(_ pane: LogState, of text: LogText, width: Int) {
        self.pane = pane
        self.text = text
        self.width = width
    }

    /// How many rows the line at a position takes.
    func height(at position: Int) -> Int {
        guard pane.kept.wraps, let number = pane.index.line(at: position, in: store), let line = store.kept(number)
        else {
            return 1
        }
        if !line.hasEscapes && !line.kind.isHeading && line.bytes.count <= textWidth { return 1 }
        return wrapped(line.styled + suffix(of: line)).count
    }

    /// The columns that a time takes.
    static let timeWidth = 9

    /// The columns left for text beside the time.
    var textWidth: Int { max(1, width - (pane.kept.timestamps == .off ? 0 : Self.timeWidth)) }

    /// From this length on a line is broken at any column: to look for words would take too long.
    private static let longest = 8_192

    /// A line broken at words, with what follows the first row further in than it.
    func wrapped(_ text: StyledLine) -> [StyledLine] {
        let content = text.text
        guard content.utf8.count <= Self.longest else {
            return text.rows(0..<text.rowCount(width: textWidth), width: textWidth)
        }
        let margin = content.prefix { $0 == " " }.count + 2
        return text.wrapped(width: textWidth, indent: min(margin, textWidth / 3))
    }

    /// What a heading says of its section: how long it took, and what is folded away.
    func suffix(of line: LogLine) -> StyledLine {
        guard line.kind.isHeading, let section = text.sections.section(at: line.number) else { return StyledLine() }
        var text = StyledLine()
        if let seconds = section.seconds { text.append("  \(Amount.shortSeconds(seconds))", .logTime) }
        if section.hasFailed { text.append("  failed", .logError) }
        if pane.index.folded.contains(line.number) {
            let hidden = (section.end ?? store.endLine) - section.heading - 1
            text.append("  +\(Amount.grouped(hidden)) lines", .logSource)
        }
        return text
    }

    /// The position of the line that a row of the window belongs to.
    func position(atRow row: Int) -> Int {
        var position = pane.index.position(of: pane.top.line, in: store)
        var rest = row + pane.top.row
        let count = pane.index.count(in: store)
        while position < count {
            let rows = height(at: position)
            if rest < rows { break }
            rest -= rows
            position += 1
        }
        return position
    }

    /// The line and row to begin with, so that the line at a position ends the window.
    func start(endingAt position: Int, height: Int) -> LogPosition {
        var left = height
        var position = position
        while true {
            let rows = self.height(at: position)
            if rows >= left || position == 0 {
                return LogPosition(line: pane.index.line(at: position, in: store) ?? 0, row: max(0, rows - left))
            }
            left -= rows
            position -= 1
        }
    }

    /// How many rows there are from a row on through the line at a position; counting stops above `limit`.
    func count(from start: (position: Int, row: Int), through end: Int, limit: Int) -> Int {
        var rows = -start.row
        var position = start.position
        while position <= end, rows <= limit {
            rows += height(at: position)
            position += 1
        }
        return rows
    }
}
