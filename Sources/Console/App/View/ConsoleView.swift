import TerminalUI
import Text

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
        for (pane, rect) in layout.panes {
            let isFocused = pane == state.focusedPane && !state.isCovered
            pane.content.draw(state, in: rect, title: pane.title(state), focused: isFocused, on: &canvas)
        }
        drawStatus(in: layout.status)
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
            lines.append(StyledLine("\(phase) goes on  \(Amount.clock(state.build.elapsed))", .stateRunning))
        }
        canvas.draw(lines, in: Rect(size: size))
    }

    /// The line above the footer: strokes that wait for more, a message, or what the screen says.
    private mutating func drawStatus(in rect: Rect) {
        canvas.fill(rect, .status)
        var line = state.screen.status(state)
        if !state.pendingChords.isEmpty {
            line = StyledLine(state.pendingChords.map(\.description).joined(separator: " ") + " …", .statusMode)
        } else if let status = state.status {
            line = StyledLine(status.text, status.isProblem ? .stateFailed : .status)
        }
        let zoom = state.isZoomed ? StyledLine("zoomed", .statusMode) : nil
        let progress = state.screen.progress(state, min(20, rect.width / 4))
        canvas.draw(line, in: rect.inset(columns: 1, rows: 0), trailing: progress ?? zoom)
    }
}
