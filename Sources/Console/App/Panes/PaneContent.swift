import TerminalUI

/// What is inside a pane's frame, and what moving, scrolling, clicking and copying do there.
protocol PaneContent: Sendable {
    /// Draws the frame and what is in it.
    func draw(_ state: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas)
    /// Brings cursor and window within what there is, in a pane with so much room for text.
    func fit(_ state: inout ConsoleState, to size: Size)
    func move(_ state: inout ConsoleState, by rows: Int, height: Int)
    /// Moves the window under the mouse wheel.
    func scroll(_ state: inout ConsoleState, by rows: Int, height: Int)
    /// Puts the cursor on a row in view; returns whether it was there before.
    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool
    /// The chosen row, or all that is shown, as it is copied.
    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String
    /// The text of each row, for a search that is the same in every list; `nil` if there are no rows to go to.
    func searched(_ state: ConsoleState) -> [String]?
    /// Puts the cursor on a row.
    func go(_ state: inout ConsoleState, to row: Int, height: Int)
    /// The row that the cursor is on.
    func cursorRow(_ state: ConsoleState) -> Int
}

extension PaneContent {
    func scroll(_ state: inout ConsoleState, by rows: Int, height: Int) { move(&state, by: rows, height: height) }
    func searched(_ state: ConsoleState) -> [String]? { nil }
    func go(_ state: inout ConsoleState, to row: Int, height: Int) {}
    func cursorRow(_ state: ConsoleState) -> Int { 0 }
}

/// Rows with a cursor.
struct ListContent: PaneContent {
    let cursor: any WritableKeyPath<ConsoleState, ListState> & Sendable
    /// Whether the rows are only read: their cursor shows while the pane has the keys.
    var isFacts = false
    let rows: Pane.Read<[PaneRow]>

    func draw(_ state: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        let rows = rows(state)
        let list = state[keyPath: cursor]
        let height = max(0, rect.height - 2)
        let counter = rows.count > (isFacts && !focused ? height : 1) ? list.counter(count: rows.count) : ""
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        ListView(count: rows.count, state: list, isFocused: focused, showsCursor: focused || !isFacts) { index in
            ListRow(rows[index].line, trailing: rows[index].trailing ?? StyledLine())
        }.draw(in: inside, on: &canvas)
    }

    func fit(_ state: inout ConsoleState, to size: Size) {
        state[keyPath: cursor].fit(count: rows(state).count, height: size.height)
    }

    func move(_ state: inout ConsoleState, by rows: Int, height: Int) {
        state[keyPath: cursor].move(by: rows, count: self.rows(state).count, height: height)
    }

    func scroll(_ state: inout ConsoleState, by rows: Int, height: Int) {
        state[keyPath: cursor].scroll(by: rows, count: self.rows(state).count, height: height)
    }

    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool {
        state[keyPath: cursor].click(row, count: rows(state).count, height: height)
    }

    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String {
        let rows = rows(state)
        guard !all else { return rows.map(\.text).joined(separator: "\n") + "\n" }
        let index = state[keyPath: cursor].selection
        return rows.indices.contains(index) ? rows[index].text : ""
    }

    func searched(_ state: ConsoleState) -> [String]? { rows(state).map(\.text) }

    func go(_ state: inout ConsoleState, to row: Int, height: Int) {
        state[keyPath: cursor].select(row, count: rows(state).count, height: height)
    }

    func cursorRow(_ state: ConsoleState) -> Int { state[keyPath: cursor].selection }
}

/// Running text, which scrolls if it has a place to keep its first line in.
struct TextContent: PaneContent {
    var top: (any WritableKeyPath<ConsoleState, Int> & Sendable)? = nil
    let lines: @Sendable (ConsoleState, _ width: Int) -> [StyledLine]

    func draw(_ state: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        let lines = lines(state, max(1, rect.width - 4))
        let height = max(0, rect.height - 2)
        let top = min(top.map { state[keyPath: $0] } ?? 0, max(0, lines.count - height))
        let counter = lines.count > height ? "\(min(top + height, lines.count)) of \(lines.count)" : ""
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        canvas.draw(Array(lines.dropFirst(top)), in: inside.inset(columns: 1, rows: 0))
    }

    func fit(_ state: inout ConsoleState, to size: Size) {}

    func move(_ state: inout ConsoleState, by rows: Int, height: Int) {
        if let top { state[keyPath: top] = max(0, min(state[keyPath: top] + rows, 1000)) }
    }

    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool { false }

    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String {
        lines(state, width).map(\.text).joined(separator: "\n") + "\n"
    }
}

/// A row of a list.
struct PaneRow: Sendable {
    var line: StyledLine
    /// What stands at the right end and is not cut.
    var trailing: StyledLine?
    /// The row without cuts, where the line has some: what is searched and copied.
    var whole: String?

    init(_ line: StyledLine, trailing: StyledLine? = nil) {
        self.line = line
        self.trailing = trailing
    }

    static func heading(_ text: String) -> PaneRow { PaneRow(StyledLine(text, .heading)) }

    /// The row as it is copied.
    var text: String {
        let text = whole ?? line.text
        return trailing.map { text + "  " + $0.text } ?? text
    }
}

extension ListState {
    /// Chooses a row in view; returns whether it was the chosen one before.
    mutating func click(_ row: Int, count: Int, height: Int) -> Bool {
        let index = offset + row
        guard row >= 0, index < count else { return false }
        let wasChosen = selection == index
        select(index, count: count, height: height)
        return wasChosen
    }
}
