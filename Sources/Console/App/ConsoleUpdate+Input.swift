import TerminalUI

/// Keys, pastes and the mouse: on the screen, and in what lies over it.
extension ConsoleUpdate {
    func handle(_ event: InputEvent, _ state: inout ConsoleState) -> Outcome {
        switch event {
        case .resize(let size):
            state.size = size
            return .none
        case .key(let chord):
            state.status = nil
            return state.overlay == nil ? press(chord, &state) : handleInOverlay(event, &state)
        case .paste: return state.overlay == nil ? .none : handleInOverlay(event, &state)
        case .mouse(let mouse): return handle(mouse, &state)
        case .focus(true):
            state.hasWindowFocus = true
            // A theme's file may have been edited in another window.
            return .ask(id: "themes", { try await app.themes() }) { .app(.themesLoaded($0)) }
        case .focus(false):
            state.hasWindowFocus = false
            return .none
        case .resume, .hangup, .terminate: return .none
        }
    }

    private func press(_ chord: KeyChord, _ state: inout ConsoleState) -> Outcome {
        let chords = state.pendingChords + [chord]
        state.pendingChords = []
        switch state.keys.match(chords, in: state.groups) {
        case .action(.app(.back)) where chord == KeyChord(.escape) && state.isAtRoot: return .say("q leaves mixpack")
        case .action(let action): return perform(action, &state)
        case .prefix:
            state.pendingChords = chords
            return .none
        case .none:
            let help = state.keys.keys(for: .app(.help)).first.map { "; \($0) lists them" } ?? ""
            return .say("no key \(chords.map(\.description).joined(separator: " ")) here\(help)")
        }
    }

    // MARK: What lies over the screen has all keys

    private func handleInOverlay(_ event: InputEvent, _ state: inout ConsoleState) -> Outcome {
        switch state.overlay {
        case .actions(let picker): choose(in: picker, event, &state)
        case .confirmation(let confirmation): answer(confirmation, event, &state)
        case .prompt(let prompt): type(into: prompt, event, &state)
        case .picker(let picker): pick(from: picker, event, &state)
        case .viewer(let viewer): read(viewer, event, &state)
        case nil: .none
        }
    }

    private func choose(in picker: ActionPicker<Action>, _ event: InputEvent, _ state: inout ConsoleState) -> Outcome {
        var picker = picker
        switch picker.handle(event, height: max(1, state.size.height - 6)) {
        case .handled: state.overlay = .actions(picker)
        case .closed: state.overlay = nil
        case .chose(let action):
            state.overlay = nil
            return perform(action, &state)
        }
        return .none
    }

    private func answer(_ confirmation: Confirmation, _ event: InputEvent, _ state: inout ConsoleState) -> Outcome {
        guard case .key(let chord) = event else { return .none }
        switch chord {
        case .control("c"): return confirmation.interrupt.map { .send($0) } ?? .none
        case .character("y"):
            state.overlay = nil
            return .send(confirmation.yes)
        case .character("n"), .character("q"), KeyChord(.escape), KeyChord(.enter):
            state.overlay = nil
            return confirmation.no.map { .send($0) } ?? .none
        default: return .none
        }
    }

    private func type(into prompt: Prompt, _ event: InputEvent, _ state: inout ConsoleState) -> Outcome {
        var prompt = prompt
        if case .key(let chord) = event, chord == KeyChord(.up) || chord == KeyChord(.down),
            !prompt.history.entries.isEmpty
        {
            prompt.recall(older: chord == KeyChord(.up))
            return follow(prompt, &state)
        }
        switch prompt.handle(event) {
        case .submitted: return submit(prompt, &state)
        case .cancelled:
            state.overlay = nil
            return (prompt.live?.left ?? prompt.left).map { .send($0) } ?? .none
        case .edited: return follow(prompt, &state)
        case .handled, .ignored:
            state.overlay = .prompt(prompt)
            return .none
        }
    }

    /// A prompt whose text has changed: searches and filters follow as one types.
    private func follow(_ prompt: Prompt, _ state: inout ConsoleState) -> Outcome {
        var prompt = prompt
        prompt.problem = nil
        state.overlay = .prompt(prompt)
        return prompt.live.map { .send($0.typed(prompt.text)) } ?? .none
    }

    private func submit(_ prompt: Prompt, _ state: inout ConsoleState) -> Outcome {
        var prompt = prompt
        if let problem = prompt.check(prompt.text) {
            prompt.problem = problem
            state.overlay = .prompt(prompt)
            return .none
        }
        state.overlay = nil
        return .send(prompt.submit(prompt.takeText()))
    }

    private func pick(from picker: Picker, _ event: InputEvent, _ state: inout ConsoleState) -> Outcome {
        var picker = picker
        if let rows = Self.rows(event, page: 10) {
            picker.cursor.move(by: rows, count: picker.items.count, height: state.size.height)
            state.overlay = .picker(picker)
            return picker.items.chosen(by: picker.cursor)?.preview.map { .send($0) } ?? .none
        }
        guard case .key(let chord) = event else { return .none }
        switch chord {
        case KeyChord(.enter):
            state.overlay = nil
            return picker.items.chosen(by: picker.cursor).map { .send($0.chosen) } ?? .none
        case KeyChord(.escape), .character("q"), .control("c"):
            state.overlay = nil
            return picker.left.map { .send($0) } ?? .none
        default: return .none
        }
    }

    private func read(_ viewer: Viewer, _ event: InputEvent, _ state: inout ConsoleState) -> Outcome {
        var viewer = viewer
        let height = max(1, state.size.height - 4)
        if let rows = Self.rows(event, page: height) {
            viewer.top = max(0, min(viewer.top + rows, viewer.lines.count - height))
            state.overlay = .viewer(viewer)
            return .none
        }
        guard case .key(let chord) = event else { return .none }
        switch chord {
        case KeyChord(.escape), .character("q"), KeyChord(.enter), .control("c"):
            state.overlay = nil
            return .none
        case KeyChord(.right), .character("l"), .character(">"): viewer.left += state.size.width / 2
        case KeyChord(.left), .character("h"), .character("<"): viewer.left = max(0, viewer.left - state.size.width / 2)
        case .character("y"), .character("Y"): return .copy(viewer.lines.joined(separator: "\n"))
        default: return .none
        }
        state.overlay = .viewer(viewer)
        return .none
    }

    /// How many rows a stroke moves in an overlay's list; `nil` for one that does not move.
    private static func rows(_ event: InputEvent, page: Int) -> Int? {
        if case .mouse(let mouse) = event { return mouse.kind == .wheelUp ? -3 : mouse.kind == .wheelDown ? 3 : nil }
        guard case .key(let chord) = event else { return nil }
        switch chord {
        case KeyChord(.up), .character("k"): return -1
        case KeyChord(.down), .character("j"): return 1
        case KeyChord(.pageUp): return -page
        case KeyChord(.pageDown), .character(" "): return page
        case .control("d"): return page / 2
        case .control("u"): return -page / 2
        case .character("g"), KeyChord(.home): return -1_000_000
        case .character("G"), KeyChord(.end): return 1_000_000
        default: return nil
        }
    }

    // MARK: Mouse

    /// A click focuses a pane and chooses a row, a click on the chosen row opens it; the wheel scrolls what is under it.
    private func handle(_ mouse: MouseEvent, _ state: inout ConsoleState) -> Outcome {
        let isCovered = state.overlay != nil
        switch mouse.kind {
        case .wheelUp: return isCovered ? handle(.key(KeyChord(.up)), &state) : scroll(at: mouse.point, by: -3, &state)
        case .wheelDown:
            return isCovered ? handle(.key(KeyChord(.down)), &state) : scroll(at: mouse.point, by: 3, &state)
        case .press(.left): return isCovered ? .none : click(at: mouse.point, &state)
        case .drag(.left) where !isCovered:
            return .say("Shift (or Option) selects text; M gives the mouse to the terminal")
        case .press, .release, .drag, .wheelLeft, .wheelRight: return .none
        }
    }

    private func scroll(at point: Point, by rows: Int, _ state: inout ConsoleState) -> Outcome {
        if let (pane, _) = state.layout.panes.first(where: { $0.rect.contains(point) }) {
            pane.content.scroll(&state, by: rows, height: state.height(of: pane))
        }
        return .none
    }

    private func click(at point: Point, _ state: inout ConsoleState) -> Outcome {
        let layout = state.layout
        if layout.header.contains(point) {
            let tabs = HeaderView.tabs(state, in: layout.header)
            return tabs.first { $0.columns.contains(point.x) }.map { show($0.screen, &state) } ?? .none
        }
        if layout.footer.contains(point) {
            let hints = FooterView.hints(state, width: layout.footer.width)
            return hints.first { $0.columns.contains(point.x) }.map { perform($0.action, &state) } ?? .none
        }
        guard let (pane, rect) = layout.panes.first(where: { $0.rect.contains(point) }) else { return .none }
        let hadFocus = state.focusedPane == pane
        state.focus[state.screen] = pane
        let height = state.height(of: pane)
        guard pane.content.click(&state, row: point.y - rect.y - 1, height: height), hadFocus else { return .none }
        return (pane.choose(state) ?? pane.enter(state)?.message).map { .send($0) } ?? .none
    }
}
