import TerminalUI

/// Rows with a cursor, of which each may take several lines: nothing of them is cut.
struct WrappedListContent: PaneContent {
    let cursor: any WritableKeyPath<ConsoleState, ListState> & Sendable
    /// The lines of each row in a width.
    let rows: @Sendable (ConsoleState, _ width: Int) -> [[StyledLine]]

    func draw(_ state: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        let rows = rows(state, max(1, rect.width - 4))
        let list = state[keyPath: cursor]
        let counter = rows.count > 1 ? list.counter(count: rows.count) : ""
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        let role: Role = focused ? .listSelected : .listSelectedUnfocused
        var y = 0
        for index in Self.first(of: rows, list, height: inside.height)..<rows.count where y < inside.height {
            let lines = rows[index].prefix(inside.height - y)
            for line in lines {
                canvas.draw(line, in: inside.inset(columns: 1, rows: 0), row: y)
                if index == list.selection {
                    canvas.restyle(inside.row(y), role)
                }
                y += 1
            }
            if index == list.selection { canvas.write("›", at: inside.row(y - lines.count).origin, in: inside, role) }
        }
    }

    /// The first row in view, so that the chosen one is whole in it.
    private static func first(of rows: [[StyledLine]], _ list: ListState, height: Int) -> Int {
        guard rows.indices.contains(list.selection) else { return 0 }
        var start = list.selection
        var used = rows[start].count
        while start > 0, used + rows[start - 1].count <= height {
            start -= 1
            used += rows[start].count
        }
        return start
    }

    private func count(_ state: ConsoleState) -> Int { rows(state, 200).count }

    func fit(_ state: inout ConsoleState, to size: Size) {
        let count = count(state)
        state[keyPath: cursor].fit(count: count, height: max(1, count))
    }

    func move(_ state: inout ConsoleState, by rows: Int, height: Int) {
        let count = count(state)
        state[keyPath: cursor].move(by: rows, count: count, height: max(1, count))
    }

    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool {
        let width = max(1, (state.layout.rect(of: state.focusedPane)?.width ?? state.size.width) - 4)
        let rows = rows(state, width)
        let list = state[keyPath: cursor]
        var rest = row
        for index in Self.first(of: rows, list, height: height)..<rows.count {
            if rest < rows[index].count {
                state[keyPath: cursor].select(index, count: rows.count, height: rows.count)
                return row >= 0 && index == list.selection
            }
            rest -= rows[index].count
        }
        return false
    }

    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String {
        let texts = rows(state, 10_000).map { $0.map(\.text).joined(separator: "\n") }
        guard !all else { return texts.joined(separator: "\n") + "\n" }
        return texts.chosen(by: state[keyPath: cursor]) ?? ""
    }

    func searched(_ state: ConsoleState) -> [String]? {
        rows(state, 10_000).map { $0.map(\.text).joined(separator: " ") }
    }

    func go(_ state: inout ConsoleState, to row: Int, height: Int) {
        let count = count(state)
        state[keyPath: cursor].select(row, count: count, height: max(1, count))
    }

    func cursorRow(_ state: ConsoleState) -> Int { state[keyPath: cursor].selection }
}
