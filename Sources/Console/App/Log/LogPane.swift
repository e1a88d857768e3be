import TerminalUI
import Text

/// A part of the console that shows a log: whatever wrote it, the same can be done with it.
protocol LogHolder: Sendable {
    var log: LogState { get set }
    /// What the log shows.
    var text: LogText { get }
    /// The file that holds all of it, if there is one.
    var logFile: String? { get }
    /// The name that is proposed for a file with what is shown.
    static var savedName: String { get }
    /// The pane that shows it, and that pane's screen.
    static var place: (pane: Pane, screen: Screen) { get }
    /// The name of the work that looks at more of it.
    static var lookingOn: EffectID { get }
    /// The message that comes back as one for this log.
    static func message(_ message: LogMessage) -> ConsoleMessage
}

extension Pane {
    static let log = Pane(name: "log", title: { $0.build.logTitle }, holder: \ConsoleState.build)

    /// A pane with a log in it.
    init<Holder: LogHolder>(
        name: String, title: @escaping Read<String>,
        holder: any WritableKeyPath<ConsoleState, Holder> & Sendable
    ) {
        self.init(
            name: name, title: title, content: LogContent(holder: holder), keys: .log,
            leaveMode: { $0[keyPath: holder].log.hasMode ? Holder.message(.leaveMode) : nil },
            own: { action in
                switch action {
                case .left, .right, .scrollLeft, .scrollRight: Holder.message(.slide(action))
                case .up, .down, .top, .bottom, .halfUp, .halfDown, .pageUp, .pageDown, .open: nil
                }
            })
    }
}

extension BuildScreenState {
    fileprivate var logTitle: String {
        let phase = build.runningPhase.map { ["[\($0.phase.rawValue)]"] } ?? []
        return (["Log"] + phase + log.modes).joined(separator: " ")
    }
}

extension LogState {
    /// How the log is looked at, in words.
    var modes: [String] {
        var words: [String] = []
        if follows { words.append("follow") }
        if !kept.wraps { words.append("unwrapped") }
        if index.level != .all { words.append(index.level.rawValue) }
        if let filter = index.filter { words.append("&\(filter.text)") }
        if rangeStart != nil { words.append("range") }
        return words
    }
}

/// The log: its cursor is on a line, and its window begins at a row of one.
struct LogContent<Holder: LogHolder>: PaneContent {
    let holder: any WritableKeyPath<ConsoleState, Holder> & Sendable

    func draw(_ state: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        let shown = state[keyPath: holder]
        LogView(pane: shown.log, text: shown.text).draw(in: rect, title: title, focused: focused, on: &canvas)
    }

    func fit(_ state: inout ConsoleState, to size: Size) {
        let text = state[keyPath: holder].text
        state[keyPath: holder].log.settle(text, width: size.width, height: size.height)
    }

    func move(_ state: inout ConsoleState, by rows: Int, height: Int) {
        let text = state[keyPath: holder].text
        state[keyPath: holder].log.move(by: rows, in: text.lines)
    }

    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool {
        guard row >= 0 else { return false }
        let (log, text) = (state[keyPath: holder].log, state[keyPath: holder].text)
        let store = text.lines
        let position = LogRows(log, of: text, width: log.width).position(atRow: row)
        if position < log.index.count(in: store), let line = log.index.line(at: position, in: store) {
            state[keyPath: holder].log.go(to: line, in: store)
        }
        return false
    }

    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String {
        state[keyPath: holder].copyLog(all: all)
    }
}

/// The log pane: the rows in view, and nothing else, are made ready and drawn.
private struct LogView {
    let pane: LogState
    let text: LogText

    func draw(in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        let area = inside.inset(columns: 1, rows: 0)
        let store = text.lines
        let rows = LogRows(pane, of: text, width: area.width)
        let count = pane.index.count(in: store)
        var position = pane.index.position(of: pane.top.line, in: store)
        var skip = pane.top.row
        var y = 0
        while y < inside.height, position < count, let number = pane.index.line(at: position, in: store) {
            guard let line = store.kept(number) else { break }
            let isMarked = isSelected(number)
            let drawn = self.lines(of: line, rows).dropFirst(skip).prefix(inside.height - y)
            for part in drawn {
                canvas.draw(part, in: area, row: y)
                if isMarked { canvas.restyle(inside.row(y), role(of: number, focused: focused)) }
                y += 1
            }
            skip = 0
            position += 1
        }
    }

    private var counter: String {
        let count = pane.index.count(in: text.lines)
        guard count > 0 else { return "" }
        let position = pane.index.position(of: pane.cursor, in: text.lines) + 1
        let dropped = text.lines.firstLine > 0 && pane.index.filter == nil ? "+" : ""
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
        var styled = line.styled
        if let search = pane.search {
            let role: Role = line.number == pane.cursor ? .searchCurrent : .searchMatch
            styled = styled.restyled(search.pattern.ranges(in: styled.text), role)
        }
        styled = styled + rows.suffix(of: line)
        guard pane.kept.wraps else {
            return [time(of: line) + styled.from(column: pane.column, width: rows.textWidth + 1)]
        }
        let parts = rows.wrapped(styled)
        let indent = pane.kept.timestamps == .off ? "" : String(repeating: " ", count: LogRows.timeWidth)
        return parts.enumerated().map { index, part in (index == 0 ? time(of: line) : StyledLine(indent)) + part }
    }

    private func time(of line: LogLine) -> StyledLine {
        let seconds: Double
        switch pane.kept.timestamps {
        case .off: return StyledLine()
        case .sinceStart: seconds = line.time
        case .sincePrevious: seconds = line.time - (text.lines.kept(line.number - 1)?.time ?? line.time)
        }
        let figure = Amount.decimal(seconds, digits: 2)
        return StyledLine(String(repeating: " ", count: max(0, 7 - figure.count)) + figure + "  ", .logTime)
    }
}
