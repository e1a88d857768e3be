import TerminalUI

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

    /// The hints that fit, nearest context first behind `?` and `q`.
    static func hints(_ state: ConsoleState, width: Int) -> [Hint] {
        var hints: [Hint] = []
        var x = 1
        for binding in bindings(state) where binding.isUseful(state) {
            let text = text(of: binding, state)
            guard let key = state.keys.key(for: binding.action, in: state.groups) else { continue }
            let columns = key.columns + 1 + text.columns
            guard x + columns <= width else { break }
            hints.append(Hint(action: binding.action, key: key, text: text, columns: x..<x + columns))
            x += columns + 2
        }
        return hints
    }

    private static func bindings(_ state: ConsoleState) -> [KeyBinding] {
        let near = state.groups.filter {
            $0 != .everywhere && $0 != .lists && ($0 != .search || state.focusedPane.keys == .log)
        }
        let first: [Action] = [.app(.help), .app(.back), .app(.nextPane), .app(.build), .list(.open)]
        return first.compactMap { KeyTable.bindings[$0] }
            + near.flatMap { group in KeyTable.defaults.filter { $0.group == group && !$0.hint.isEmpty } }
    }

    private static func text(of binding: KeyBinding, _ state: ConsoleState) -> String {
        if binding.action == .app(.build), state.build.hasBuild { return "rebuild" }
        if binding.action == .list(.open) { return state.focusedPane.enter(state)?.hint ?? "" }
        return binding.hint
    }
}
