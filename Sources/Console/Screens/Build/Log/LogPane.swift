import TerminalUI
import Text

extension Pane {
    static let log: Pane = .init(
        name: "log", title: { $0.build.logTitle }, content: LogContent(), keys: .log,
        leaveMode: { $0.build.log.hasMode ? .build(.leaveLogMode) : nil },
        own: { action in
            switch action {
            case .left, .right, .scrollLeft, .scrollRight: .build(.slide(action))
            case .up, .down, .top, .bottom, .halfUp, .halfDown, .pageUp, .pageDown, .open: nil
            }
        })
}

extension BuildScreenState {
    fileprivate var logTitle: String {
        var words = ["Log"]
        if let phase = build.runningPhase { words.append("[\(phase.phase.rawValue)]") }
        if log.follows { words.append("follow") }
        if !log.kept.wraps { words.append("unwrapped") }
        if log.index.level != .all { words.append(log.index.level.rawValue) }
        if let filter = log.index.filter { words.append("&\(filter.text)") }
        if log.rangeStart != nil { words.append("range") }
        return words.joined(separator: " ")
    }
}

/// The log: its cursor is on a line, and its window begins at a row of one.
struct LogContent: PaneContent {
    func draw(_ state: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        LogView(pane: state.build.log, build: state.build.build).draw(
            in: rect, title: title, focused: focused, on: &canvas)
    }

    func fit(_ state: inout ConsoleState, to size: Size) {
        state.build.log.settle(state.build.build, width: size.width, height: size.height)
    }

    func move(_ state: inout ConsoleState, by rows: Int, height: Int) {
        state.build.log.move(by: rows, in: state.build.build.log)
    }

    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool {
        let (log, store) = (state.build.log, state.build.build.log)
        guard row >= 0 else { return false }
        let position = LogRows(log, of: state.build.build, width: log.width).position(atRow: row)
        if position < log.index.count(in: store), let line = log.index.line(at: position, in: store) {
            state.build.log.go(to: line, in: store)
        }
        return false
    }

    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String { state.build.copyLog(all: all) }
}

/// The log pane: the rows in view, and nothing else, are made ready and drawn.
private struct LogView {
    let pane: LogState
    let build: BuildState

    func draw(in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        let area = inside.inset(columns: 1, rows: 0)
        let store = build.log
        let rows = LogRows(pane, of: build, width: area.width)
        let count = pane.index.count(in: store)
        var position = pane.index.position(of: pane.top.line, in: store)
        var skip = pane.top.row
        var y = 0
        while y < inside.height, position < count, let number = pane.index.line(at: position, in: store) {
            guard let line = store.kept(number) else { break }
            let isMarked = isSelected(number)
            let drawn = self.lines(of: line, rows).dropFirst(skip).prefix(inside.height - y)
            for text in drawn {
                canvas.draw(text, in: area, row: y)
                if isMarked { canvas.restyle(inside.row(y), role(of: number, focused: focused)) }
                y += 1
            }
            skip = 0
            position += 1
        }
    }

    private var counter: String {
        let count = pane.index.count(in: build.log)
        guard count > 0 else { return "" }
        let position = pane.index.position(of: pane.cursor, in: build.log) + 1
        let dropped = build.log.firstLine > 0 && pane.index.filter == nil ? "+" : ""
        return "\(Amount.grouped(position))/\(Amount.grouped(count))\(dropped)"
    }

    private func isSelected(_ number: Int) -> Bool {
        guard let start = pane.rangeStart else { return number == pane.cursor && !pane.follows }
        return (min(start, pane.cursor)...max(start, pane.cursor)).contains(number)
    }

    private func role(of number: Int, focused: Bool) -> Role {
        if pane.rangeStart != nil && number != pane.cursor { return .listMarked }
        return focused ? .listSelected : .listSelectedUnfocused
    }

    private func lines(of line: LogLine, _ rows: LogRows) -> [StyledLine] {
        var text = line.styled
        if let search = pane.search {
            let role: Role = line.number == pane.cursor ? .searchCurrent : .searchMatch
            text = text.restyled(search.pattern.ranges(in: text.text), role)
        }
        text = text + rows.suffix(of: line)
        guard pane.kept.wraps else {
            return [time(of: line) + text.from(column: pane.column, width: rows.textWidth + 1)]
        }
        let parts = rows.wrapped(text)
        let indent = pane.kept.timestamps == .off ? "" : String(repeating: " ", count: LogRows.timeWidth)
        return parts.enumerated().map { index, part in (index == 0 ? time(of: line) : StyledLine(indent)) + part }
    }

    private func time(of line: LogLine) -> StyledLine {
        let seconds: Double
        switch pane.kept.timestamps {
        case .off: return StyledLine()
        case .sinceStart: seconds = line.time
        case .sincePrevious: seconds = line.time - (build.log.kept(line.number - 1)?.time ?? line.time)
        }
        let text = Amount.decimal(seconds, digits: 2)
        return StyledLine(String(repeating: " ", count: max(0, 7 - text.count)) + text + "  ", .logTime)
    }
}
