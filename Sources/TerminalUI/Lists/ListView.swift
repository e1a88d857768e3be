/// A list: a row a line, the chosen one marked by `›` as well as by its colours, a scroll bar where not all rows show.
package struct ListView {
    private let count: Int
    private let state: ListState
    private let isFocused: Bool
    private let showsCursor: Bool
    private let empty: StyledLine
    private let row: (Int) -> ListRow

    /// A list of `count` rows; `row` is asked only for those in view.
    ///
    /// `empty` is what a list of none says.
    package init(
        count: Int, state: ListState, isFocused: Bool = true, showsCursor: Bool = true,
        empty: StyledLine = StyledLine(),
        row: @escaping (Int) -> ListRow
    ) {
        self.count = count
        self.state = state
        self.isFocused = isFocused
        self.showsCursor = showsCursor
        self.empty = empty
        self.row = row
    }

    package func draw(in rect: Rect, on canvas: inout Canvas) {
        guard count > 0 else {
            canvas.draw(empty, in: rect.inset(columns: 1, rows: 0))
            return
        }
        let offset = state.shownOffset(count: count, height: rect.height)
        let rows = count > rect.height ? rect.split(right: 1).rest : rect
        for line in 0..<min(rect.height, count - offset) { draw(offset + line, in: rows.row(line), on: &canvas) }
        canvas.scrollbar(in: rect.split(right: 1).right, offset: offset, visible: rect.height, total: count)
    }

    /// The row under `point` in a list drawn over `rect`.
    package func index(at point: Point, in rect: Rect) -> Int? {
        guard rect.contains(point) else { return nil }
        let index = state.shownOffset(count: count, height: rect.height) + point.y - rect.y
        return index < count ? index : nil
    }

    private func draw(_ index: Int, in rect: Rect, on canvas: inout Canvas) {
        let row = row(index)
        let isSelected = showsCursor && index == state.selection
        canvas.draw(row.line, in: rect.split(left: 1).rest.split(right: 1).rest, trailing: row.trailing)
        if !row.isEnabled { canvas.restyle(rect, .listDisabled) }
        guard isSelected else { return }
        let role: Role = isFocused ? .listSelected : .listSelectedUnfocused
        canvas.restyle(rect, role)
        canvas.write("›", at: rect.origin, in: rect, role)
    }
}

/// One row of a list as it is drawn.
package struct ListRow: Hashable, Sendable {
    /// What is at the left; cut when there is no room.
    package var line: StyledLine
    /// What is at the right end; kept whole.
    package var trailing: StyledLine
    /// Whether it can be chosen; others are drawn weaker.
    package var isEnabled: Bool

    package init(_ line: StyledLine, trailing: StyledLine = StyledLine(), isEnabled: Bool = true) {
        self.line = line
        self.trailing = trailing
        self.isEnabled = isEnabled
    }
}
