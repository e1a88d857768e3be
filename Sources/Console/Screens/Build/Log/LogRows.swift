import TerminalUI

/// The rows that lines of the log take on the screen, worked out for the rows in view only.
struct LogRows: Sendable {
    private let pane: LogState
    private let store: LogStore
    private let width: Int

    init(_ pane: LogState, store: LogStore, width: Int) {
        self.pane = pane
        self.store = store
        self.width = width
    }

    /// How many rows the line at a position takes.
    func height(at position: Int) -> Int {
        guard pane.kept.wraps, let number = pane.index.line(at: position, in: store), let line = store.kept(number)
        else {
            return 1
        }
        if !line.hasEscapes && line.bytes.count <= textWidth { return 1 }
        return line.styled.rowCount(width: textWidth)
    }

    /// The columns that a time takes.
    static let timeWidth = 9

    /// The columns left for text beside the time.
    var textWidth: Int { max(1, width - (pane.kept.timestamps == .off ? 0 : Self.timeWidth)) }

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
