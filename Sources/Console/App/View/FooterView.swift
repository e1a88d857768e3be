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
        for (action, hint) in actions(state) {
            guard let text = text(of: action, hint, state), let key = state.keys.key(for: action, in: state.groups)
            else {
                continue
            }
            let columns = key.columns + 1 + text.columns
            guard x + columns <= width else { break }
            hints.append(Hint(action: action, key: key, text: text, columns: x..<x + columns))
            x += columns + 2
        }
        return hints
    }

    private static func actions(_ state: ConsoleState) -> [(action: Action, hint: String)] {
        let near = state.groups.filter {
            $0 != .everywhere && $0 != .lists && ($0 != .search || state.focusedPane == .log)
        }
        let order: [Action] = [.help, .back, .nextPane]
        let hinted = KeyTable.defaults.filter { !$0.hint.isEmpty }
        let first = order.compactMap { action in hinted.first { $0.action == action } }
        let main = hinted.filter { $0.action == .open || $0.action == .build }
        let rest = near.flatMap { group in hinted.filter { $0.group == group } }
        return (first + main + rest).map { ($0.action, $0.hint) }
    }

    private static func text(of action: Action, _ hint: String, _ state: ConsoleState) -> String? {
        guard state.isUseful(action) else { return nil }
        switch action {
        case .build: return state.build.hasBuild ? "rebuild" : "build"
        case .open: return state.openHint
        default: return hint
        }
    }
}
