/// A list to choose one thing from, in a dialog.
public struct Menu {
    private let title: String
    private let rows: [ListRow]
    private let state: ListState

    /// A menu.
    public init(title: String, rows: [ListRow], state: ListState) {
        self.title = title
        self.rows = rows
        self.state = state
    }

    /// Draws the menu in the middle of `rect`; gives the rectangle of its list, for the mouse.
    @discardableResult
    public func draw(in rect: Rect, on canvas: inout Canvas) -> Rect {
        let widest = rows.map { $0.line.columns + $0.trailing.columns }.max() ?? 0
        let width = min(max(widest + 8, title.columns + 16, 30), max(0, rect.width - 2))
        let height = min(rows.count + 2, max(3, rect.height - 2))
        let box = rect.centered(Size(width: width, height: height))
        let inside = canvas.overlay(box, title: title, counter: state.counter(count: rows.count))
        ListView(count: rows.count, state: state) { rows[$0] }.draw(in: inside, on: &canvas)
        return inside
    }
}
