import TerminalUI

extension Updater {
    /// A click focuses a pane and chooses a row, a click on the chosen row opens it; the wheel scrolls what is under it.
    func mouse(_ state: inout State, _ mouse: MouseEvent) -> Effects {
        if state.overlay != nil { return overlayMouse(&state, mouse) }
        let layout = state.layout
        switch mouse.kind {
        case .press(.left): return click(&state, mouse.point, layout)
        case .drag(.left):
            return say(&state, "Shift (or Option) selects text; M gives the mouse to the terminal")
        case .wheelUp, .wheelDown:
            guard let (pane, _) = layout.panes.first(where: { $0.rect.contains(mouse.point) }) else { return .none }
            scroll(&state, pane, by: mouse.kind == .wheelUp ? -3 : 3)
            return .none
        default: return .none
        }
    }

    private func overlayMouse(_ state: inout State, _ mouse: MouseEvent) -> Effects {
        guard mouse.kind == .wheelUp || mouse.kind == .wheelDown else { return .none }
        let key: Key = mouse.kind == .wheelUp ? .up : .down
        return input(&state, .key(KeyChord(key)))
    }

    private func click(_ state: inout State, _ point: Point, _ layout: ConsoleLayout) -> Effects {
        if layout.header.contains(point) {
            guard let tab = HeaderView.tabs(state, in: layout.header).first(where: { $0.columns.contains(point.x) })
            else {
                return .none
            }
            state.screen = tab.screen
            return .none
        }
        if layout.footer.contains(point) {
            let hints = FooterView.hints(state, width: layout.footer.width)
            guard let hint = hints.first(where: { $0.columns.contains(point.x) }) else { return .none }
            return perform(&state, hint.action)
        }
        guard let (pane, rect) = layout.panes.first(where: { $0.rect.contains(point) }) else { return .none }
        let hadFocus = state.focusedPane == pane
        state.focus[state.screen] = pane
        return clickRow(&state, pane, point.y - rect.y - 1, hadFocus: hadFocus)
    }

    private func clickRow(_ state: inout State, _ pane: Pane, _ row: Int, hadFocus: Bool) -> Effects {
        if pane == .log {
            let log = state.build.log
            let position = log.index.position(of: log.top.line, in: state.build.build.log) + row
            guard row >= 0, let line = log.index.line(at: position, in: state.build.build.log) else { return .none }
            state.build.log.go(to: line, in: state.build.build.log)
            return .none
        }
        if pane == .files {
            let index = state.image.files.list.offset + row
            let count = state.image.files.rows.count
            guard row >= 0, index < count else { return .none }
            let wasChosen = state.image.files.list.selection == index
            state.image.files.list.select(index, count: count, height: state.height(of: pane))
            return wasChosen && hadFocus ? perform(&state, .openNode) : .none
        }
        guard let path = State.cursorPath(of: pane), let rows = state.rows(of: pane) else { return .none }
        let index = state[keyPath: path].offset + row
        guard row >= 0, index < rows.count else { return .none }
        let wasChosen = state[keyPath: path].selection == index
        state[keyPath: path].select(index, count: rows.count, height: state.height(of: pane))
        return wasChosen && hadFocus ? perform(&state, .open) : .none
    }

    private func scroll(_ state: inout State, _ pane: Pane, by rows: Int) {
        if pane == .log {
            state.build.log.move(by: rows, in: state.build.build.log)
        } else if pane == .files {
            let count = state.image.files.rows.count
            state.image.files.list.scroll(by: rows, count: count, height: state.height(of: pane))
        } else if pane == .facts {
            state.image.factsTop = max(0, state.image.factsTop + rows)
        } else if let path = State.cursorPath(of: pane), let count = state.rows(of: pane)?.count {
            state[keyPath: path].scroll(by: rows, count: count, height: state.height(of: pane))
        }
    }
}
