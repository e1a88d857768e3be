/// Where lines of a log come to lie in a view: what moving about in it needs to know.
///
/// Only lines near the view are measured, so the cost does not grow with the log.
public struct LogLayout<Source: LogSource> {
    let source: Source
    let size: Size
    let wraps: Bool

    /// A log in a view of `size`.
    public init(_ source: Source, size: Size, wraps: Bool) {
        self.source = source
        self.size = size
        self.wraps = wraps
    }

    func height(of line: Int) -> Int {
        wraps ? source.line(line).rowCount(width: size.width) : 1
    }

    /// The first row of the view whose last row is the log's last.
    var bottom: LogPosition {
        let lines = source.lines
        guard let last = lines.last else { return LogPosition(line: lines.lowerBound) }
        return move(LogPosition(line: last, row: height(of: last) - 1), by: 1 - max(1, size.height))
    }

    /// The nearest position that still exists, no further down than ``bottom``.
    func clamp(_ position: LogPosition) -> LogPosition {
        let lines = source.lines
        guard !lines.isEmpty, position.line >= lines.lowerBound else { return LogPosition(line: lines.lowerBound) }
        // Measuring from the bottom is only needed where the view could stick out.
        guard position.line + size.height >= lines.upperBound else { return position }
        return min(position, bottom)
    }

    /// The position `rows` further down, or up if negative; no further than the first or the last row.
    func move(_ position: LogPosition, by rows: Int) -> LogPosition {
        let lines = source.lines
        guard let last = lines.last else { return LogPosition(line: lines.lowerBound) }
        var line = min(max(position.line, lines.lowerBound), last)
        var row = line == position.line ? position.row + rows : rows
        while row < 0, line > lines.lowerBound {
            line -= 1
            row += height(of: line)
        }
        while line < last {
            let height = height(of: line)
            if row < height { break }
            row -= height
            line += 1
        }
        return LogPosition(line: line, row: max(0, min(row, height(of: line) - 1)))
    }
}
