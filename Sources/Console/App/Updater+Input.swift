import TerminalUI

extension Updater {
    func input(_ state: inout State, _ event: InputEvent) -> Effects {
        switch event {
        case .resize(let size):
            state.size = size
            return .none
        case .key(let chord):
            state.status = nil
            return state.overlay == nil ? key(&state, chord) : overlay(&state, event)
        case .paste: return state.overlay == nil ? .none : overlay(&state, event)
        case .mouse(let mouse): return self.mouse(&state, mouse)
        case .focus(true): return readThemes()
        case .focus(false), .resume, .hangup, .terminate: return .none
        }
    }

    private func key(_ state: inout State, _ chord: KeyChord) -> Effects {
        let chords = state.pendingChords + [chord]
        state.pendingChords = []
        switch state.keys.match(chords, in: state.groups) {
        case .action(.back) where chord == KeyChord(.escape) && state.isAtRoot: return say(&state, "q leaves mixpack")
        case .action(let action): return perform(&state, action)
        case .prefix:
            state.pendingChords = chords
            return .none
        case .none:
            guard chords.count == 1 else {
                return say(&state, "no key \(chords.map(\.description).joined(separator: " "))")
            }
            return .none
        }
    }

    /// What lies over the screen has all keys.
    private func overlay(_ state: inout State, _ event: InputEvent) -> Effects {
        guard let overlay = state.overlay else { return .none }
        if case .key(.control("c")) = event, case .confirmation(let confirmation) = overlay,
            confirmation.purpose == .cancelBuild
        {
            return interrupt(&state)
        }
        switch overlay {
        case .actions(let picker): return choose(&state, picker, event)
        case .confirmation(let confirmation): return answer(&state, confirmation, event)
        case .prompt(let prompt): return edit(&state, prompt, event)
        case .picker(let picker): return pick(&state, picker, event)
        case .viewer(let viewer): return scroll(&state, viewer, event)
        }
    }

    private func choose(_ state: inout State, _ picker: ActionPicker<Action>, _ event: InputEvent) -> Effects {
        var picker = picker
        switch picker.handle(event, height: max(1, state.size.height - 6)) {
        case .handled: state.overlay = .actions(picker)
        case .closed: state.overlay = nil
        case .chose(let action):
            state.overlay = nil
            return perform(&state, action)
        }
        return .none
    }

    private func answer(_ state: inout State, _ confirmation: Confirmation, _ event: InputEvent) -> Effects {
        guard case .key(let chord) = event else { return .none }
        switch chord {
        case .character("y"):
            state.overlay = nil
            return confirm(&state, confirmation.purpose)
        case .character("n"), .character("q"), KeyChord(.escape), KeyChord(.enter):
            state.overlay = nil
            state.build.cancelPresses = 0
        default: break
        }
        return .none
    }

    private func confirm(_ state: inout State, _ purpose: Confirmation.Purpose) -> Effects {
        switch purpose {
        case .cancelBuild: return cancel(&state)
        case .quitDuringBuild: return .batch(cancel(&state), .quit)
        case .clearCache:
            state.release.clearsCache = true
            return startBuild(&state)
        case .allowSecret(let name):
            state.release.allowedSecrets.insert(name)
            return startBuild(&state)
        case .trustProject: return trust(state.path)
        case .openPaths(let paths):
            state.release.openedPaths += paths
            return startBuild(&state)
        case .writeRelease(let edit): return write(edit)
        case .replaceProjectFile: return writeProjectFile(&state, replaces: true)
        }
    }

    private func edit(_ state: inout State, _ prompt: Prompt, _ event: InputEvent) -> Effects {
        var prompt = prompt
        if case .key(let chord) = event, chord == KeyChord(.up) || chord == KeyChord(.down),
            !prompt.history.entries.isEmpty
        {
            prompt.recall(older: chord == KeyChord(.up))
            return typed(&state, prompt)
        }
        switch prompt.handle(event) {
        case .submitted: return submit(&state, prompt)
        case .cancelled:
            state.overlay = nil
            return dismissed(&state, prompt)
        case .edited: return typed(&state, prompt)
        case .handled, .ignored:
            state.overlay = .prompt(prompt)
            return .none
        }
    }

    private func pick(_ state: inout State, _ picker: Picker, _ event: InputEvent) -> Effects {
        var picker = picker
        if let steps = Self.steps(event, page: 10, letters: true) {
            picker.cursor.move(by: steps, count: picker.items.count, height: state.size.height)
            state.overlay = .picker(picker)
            return preview(&state, picker)
        }
        guard case .key(let chord) = event else { return .none }
        switch chord {
        case KeyChord(.enter):
            state.overlay = nil
            guard picker.items.indices.contains(picker.cursor.selection) else { return .none }
            return choose(&state, picker.items[picker.cursor.selection].purpose)
        case KeyChord(.escape), .character("q"), .control("c"):
            state.overlay = nil
            if let before = picker.before { state.theme = before }
        default: break
        }
        return .none
    }

    private func scroll(_ state: inout State, _ viewer: Viewer, _ event: InputEvent) -> Effects {
        var viewer = viewer
        let height = max(1, state.size.height - 4)
        if let steps = Self.steps(event, page: height, letters: true) {
            viewer.top = max(0, min(viewer.top + steps, viewer.lines.count - height))
            state.overlay = .viewer(viewer)
            return .none
        }
        guard case .key(let chord) = event else { return .none }
        switch chord {
        case KeyChord(.escape), .character("q"), KeyChord(.enter), .control("c"): state.overlay = nil
        case KeyChord(.right), .character("l"), .character(">"): viewer.left += state.size.width / 2
        case KeyChord(.left), .character("h"), .character("<"): viewer.left = max(0, viewer.left - state.size.width / 2)
        case .character("y"), .character("Y"): return copy(&state, viewer.lines.joined(separator: "\n"))
        default: return .none
        }
        if state.overlay != nil { state.overlay = .viewer(viewer) }
        return .none
    }

    /// How many rows a stroke moves in a list; `nil` for one that does not.
    ///
    /// Letters move only where none are typed.
    static func steps(_ event: InputEvent, page: Int, letters: Bool) -> Int? {
        if case .mouse(let mouse) = event { return mouse.kind == .wheelUp ? -3 : mouse.kind == .wheelDown ? 3 : nil }
        guard case .key(let chord) = event else { return nil }
        switch chord {
        case KeyChord(.up): return -1
        case KeyChord(.down): return 1
        case KeyChord(.pageUp): return -page
        case KeyChord(.pageDown): return page
        case .control("d"): return page / 2
        case .control("u") where letters: return -page / 2
        case .character("k") where letters: return -1
        case .character("j") where letters: return 1
        case .character(" ") where letters: return page
        case .character("g") where letters, KeyChord(.home) where letters: return -1_000_000
        case .character("G") where letters, KeyChord(.end) where letters: return 1_000_000
        default: return nil
        }
    }
}
