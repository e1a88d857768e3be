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
        canvas.draw(line, in: rect.inset(columns: 1, rows: 0), trailing: progress ?? zoom ?? watch(in: rect))
    }
}

extension ConsoleView {
    /// What is watched, where the top line has no room for it.
    private func watch(in rect: Rect) -> StyledLine? {
        guard state.build.kept.watches, LayoutKind(size) == .stacked else { return nil }
        return WatchLine(round: state.build.kept.round).line(in: rect.width / 2)
    }
}

/// The top line: what is open, the screens, the clock.
struct HeaderView {
    private let state: ConsoleState

    init(_ state: ConsoleState) { self.state = state }

    func draw(in rect: Rect, on canvas: inout Canvas) {
        canvas.fill(rect, .header)
        var clock = StyledLine("", .header)
        if state.build.hasBuild { clock.append("\(Amount.clock(state.build.elapsed)) ", .header) }
        let tabs = Self.tabs(state, in: rect)
        let room = (tabs.first?.columns.lowerBound ?? rect.width) - 2
        canvas.write(state.title.truncated(to: max(0, room)), at: Point(x: rect.x + 1, y: rect.y), .headerTitle)
        for tab in tabs {
            let isActive = tab.screen == state.screen
            let point = Point(x: tab.columns.lowerBound, y: rect.y)
            canvas.write(isActive ? "[\(tab.text)]" : " \(tab.text) ", at: point, isActive ? .tabActive : .tab)
        }
        let end = rect.maxX - clock.columns
        canvas.write(clock, at: Point(x: end, y: rect.y))
        guard state.build.kept.watches, let last = tabs.last?.columns.upperBound else { return }
        if let line = WatchLine(round: state.build.kept.round).line(in: end - last - 3) {
            canvas.write(line, at: Point(x: end - line.columns - 1, y: rect.y), in: rect)
        }
    }

    typealias Tab = (screen: Screen, text: String, columns: Range<Int>)

    /// Where the tabs are: behind the title, which gives way to them.
    static func tabs(_ state: ConsoleState, in rect: Rect) -> [Tab] {
        let room = rect.width - (state.build.hasBuild ? 10 : 1)
        let texts = texts(state, in: room - 2)
        let start = max(2, min(state.title.columns + 3, room - width(of: texts)))
        var x = rect.x + start
        return zip(Screen.all, texts).map { screen, text in
            defer { x += text.columns + 2 }
            return (screen, text, x..<x + text.columns + 2)
        }
    }

    /// What the tabs say; where there is no room for all, the others than the active one say their number alone.
    private static func texts(_ state: ConsoleState, in room: Int) -> [String] {
        let whole = Screen.all.map { "\($0.number) \($0.title)\($0.mark(state))" }
        guard width(of: whole) > room else { return whole }
        return zip(Screen.all, whole).map { $0 == state.screen ? $1 : "\($0.number)\($0.mark(state))" }
    }

    private static func width(of texts: [String]) -> Int { texts.reduce(0) { $0 + $1.columns + 2 } }
}

/// The line of hints: the keys that matter where one is.
///
/// `?` is always the first, so that it is never cut off.
struct FooterView {
    struct Hint: Sendable {
        let action: Action
        let key: String
        let text: String
        let columns: Range<Int>
    }

    private let state: ConsoleState

    init(_ state: ConsoleState) { self.state = state }

    func draw(in rect: Rect, on canvas: inout Canvas) {
        if let overlay = state.overlay {
            HintBar(overlay.hints).draw(in: rect, on: &canvas)
            return
        }
        for hint in Self.hints(state, width: rect.width) {
            let point = Point(x: rect.x + hint.columns.lowerBound, y: rect.y)
            let used = canvas.write(hint.key, at: point, .hintKey)
            canvas.write(":\(hint.text)", at: Point(x: point.x + used, y: point.y), .hintText)
        }
    }

    /// The hints that fit, nearest context first behind `?` and `q`, and the next step at the right end.
    static func hints(_ state: ConsoleState, width: Int) -> [Hint] {
        let next = next(state, width: width)
        let room = next.map { $0.columns.lowerBound - 2 } ?? width
        var hints: [Hint] = []
        var x = 1
        for binding in bindings(state) where binding.isUseful(state) {
            let text = text(of: binding, state)
            guard let key = state.keys.key(for: binding.action, in: state.groups) else { continue }
            let columns = key.columns + 1 + text.columns
            guard x + columns <= room else { continue }
            hints.append(Hint(action: binding.action, key: key, text: text, columns: x..<x + columns))
            x += columns + 2
        }
        return hints + (next.map { [$0] } ?? [])
    }

    /// The next step, with the key that goes there from this pane.
    private static func next(_ state: ConsoleState, width: Int) -> Hint? {
        guard let next = state.screen.next(state) else { return nil }
        let entered = next.isEntered && state.focusedPane.enter(state) == nil
        let action = entered ? .list(.open) : next.action
        guard let key = state.keys.key(for: action, in: state.groups) else { return nil }
        let text = "\(next.title) ▸"
        let start = max(1, width - key.columns - 2 - text.columns)
        return Hint(action: action, key: key, text: text, columns: start..<start + key.columns + 1 + text.columns)
    }

    private static func bindings(_ state: ConsoleState) -> [KeyBinding] {
        let near = state.groups.filter {
            $0 != .everywhere && $0 != .lists && ($0 != .search || state.focusedPane.keys == .log)
        }
        let first: [Action] =
            [.app(.help), .app(.back)] + state.screen.urgent(state).map(\.action)
            + [.app(.nextPane), .app(.build), .list(.open)]
        let next = state.screen.next(state)?.action
        let all =
            first.compactMap { KeyTable.bindings[$0] }
            + near.flatMap { group in KeyTable.defaults.filter { $0.group == group && !$0.hint.isEmpty } }
            + [Action.app(.palette), .app(.theme), .app(.options)].compactMap { KeyTable.bindings[$0] }
        // One key for one thing: a retry is a build with the same choices.
        let left: [Action?] = next == .build(.retry) ? [next, .app(.build)] : [next]
        var seen: Set<Action> = []
        return all.filter { !left.contains($0.action) && seen.insert($0.action).inserted }
    }

    private static func text(of binding: KeyBinding, _ state: ConsoleState) -> String {
        if let urgent = state.screen.urgent(state).first(where: { $0.action == binding.action }) { return urgent.text }
        if binding.action == .app(.build), state.build.hasBuild { return "rebuild" }
        if binding.action == .list(.open) { return state.focusedPane.enter(state)?.hint ?? "" }
        return binding.hint
    }
}
