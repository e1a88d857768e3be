import TerminalUI

/// The picture of the console's state.
struct ConsoleView {
    let state: ConsoleState
    let size: Size
    private(set) var canvas: Canvas
    private(set) var cursor: Point?

    init(_ state: ConsoleState, size: Size) {
        var state = state
        if state.size != size {
            state.size = size
            state.settle()
        }
        self.state = state
        self.size = size
        canvas = Canvas(size: size)
        draw()
    }

    private mutating func draw() {
        let layout = state.layout
        guard layout.kind != .tooSmall else {
            drawTooSmall()
            return
        }
        HeaderView(state).draw(in: layout.header, on: &canvas)
        if let strip = layout.strip { PhaseStripView(state.build).draw(in: strip, on: &canvas) }
        for (pane, rect) in layout.panes { draw(pane, in: rect) }
        StatusView(state).draw(in: layout.status, on: &canvas)
        FooterView(state).draw(in: layout.footer, on: &canvas)
        if let overlay = state.overlay { cursor = OverlayView(state, overlay).draw(on: &canvas) }
    }

    /// A notice in the place of everything; the build goes on.
    private mutating func drawTooSmall() {
        let needed = LayoutKind.minimum
        var lines = [
            StyledLine("mixpack needs \(needed)", .textStrong), StyledLine("this is \(size)"),
            StyledLine("make it larger", .textDim),
        ]
        if state.build.build.isRunning {
            let phase = state.build.build.runningPhase?.phase.rawValue ?? "build"
            lines.append(StyledLine("\(phase) goes on  \(Seconds.clock(state.build.elapsed))", .stateRunning))
        }
        canvas.draw(lines, in: Rect(size: size))
    }

    private mutating func draw(_ pane: Pane, in rect: Rect) {
        let isFocused = pane == state.focusedPane && !state.isCovered
        switch pane {
        case .log: LogView(state).draw(in: rect, focused: isFocused, on: &canvas)
        case .files: FilesView(state.image).draw(in: rect, focused: isFocused, on: &canvas)
        default:
            if let rows = state.rows(of: pane), let path = ConsoleState.cursorPath(of: pane) {
                drawList(rows, state[keyPath: path], title: state.title(of: pane), in: rect, focused: isFocused)
            } else {
                drawText(pane, in: rect, focused: isFocused)
            }
        }
    }

    private mutating func drawList(_ rows: [PaneRow], _ list: ListState, title: String, in rect: Rect, focused: Bool) {
        let counter = rows.count > 1 ? list.counter(count: rows.count) : ""
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        ListView(count: rows.count, state: list, isFocused: focused) { index in
            ListRow(rows[index].line, trailing: rows[index].trailing ?? StyledLine())
        }.draw(in: inside, on: &canvas)
    }

    private mutating func drawText(_ pane: Pane, in rect: Rect, focused: Bool) {
        let lines = state.text(of: pane, width: max(1, rect.width - 4))
        let height = max(0, rect.height - 2)
        let top = min(pane == .facts ? state.image.factsTop : 0, max(0, lines.count - height))
        let counter = lines.count > height ? "\(min(top + height, lines.count)) of \(lines.count)" : ""
        let inside = canvas.box(rect, title: state.title(of: pane), counter: counter, focused: focused)
        canvas.draw(Array(lines.dropFirst(top)), in: inside.inset(columns: 1, rows: 0))
    }
}
