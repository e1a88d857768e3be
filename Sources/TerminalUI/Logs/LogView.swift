/// A log as it is drawn: only the lines in view are asked for.
public struct LogView<Source: LogSource> {
    private let source: Source
    private let state: LogViewState
    private let search: SearchPattern?
    private let empty: StyledLine

    /// A view of a log with what `search` finds marked; `empty` is what a log without lines says.
    public init(_ source: Source, state: LogViewState, search: SearchPattern? = nil, empty: StyledLine = StyledLine()) {
        self.source = source
        self.state = state
        self.search = search
        self.empty = empty
    }

    /// Where one is, for the frame: `812/2040`; the last line in view and the last there is.
    public func counter(size: Size) -> String {
        guard !source.lines.isEmpty else { return "0/0" }
        let layout = LogLayout(source, size: size, wraps: state.wraps)
        let end = layout.move(state.shownTop(in: layout), by: size.height - 1)
        return "\(end.line + 1)/\(source.lines.upperBound)"
    }

    /// Draws the log over all of `rect`.
    public func draw(in rect: Rect, on canvas: inout Canvas) {
        guard !source.lines.isEmpty else {
            canvas.draw(empty, in: rect)
            return
        }
        let layout = LogLayout(source, size: rect.size, wraps: state.wraps)
        let top = state.shownTop(in: layout)
        var y = rect.y
        var row = top.row
        for number in top.line..<source.lines.upperBound {
            guard y < rect.maxY else { break }
            let room = Rect(x: rect.x, y: y, width: rect.width, height: rect.maxY - y)
            y += draw(number, from: row, in: room, on: &canvas)
            row = 0
        }
    }

    private func draw(_ number: Int, from row: Int, in rect: Rect, on canvas: inout Canvas) -> Int {
        let line = marked(source.line(number), isCurrent: state.current == number)
        guard state.wraps else {
            canvas.write(line, at: Point(x: rect.x - state.column, y: rect.y), in: rect.row(0))
            return 1
        }
        let rows = line.rows(row..<(row + rect.height), width: rect.width)
        for (index, part) in rows.enumerated() {
            canvas.write(part, at: Point(x: rect.x, y: rect.y + index), in: rect)
        }
        return rows.count
    }

    private func marked(_ line: StyledLine, isCurrent: Bool) -> StyledLine {
        guard let search else { return isCurrent ? line.restyled([0..<Int.max], .searchCurrent) : line }
        return line.restyled(search.ranges(in: line.text), isCurrent ? .searchCurrent : .searchMatch)
    }
}
