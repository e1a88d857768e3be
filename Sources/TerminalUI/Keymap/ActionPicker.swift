/// A list of actions that typing narrows and Enter runs: the help (by groups) and the command palette (best match first).
package struct ActionPicker<ID: Hashable & Sendable & RawRepresentable>: Sendable where ID.RawValue == String {
    /// How the actions are listed.
    package enum Mode: Hashable, Sendable {
        /// By groups, with headings, in the order of the contexts.
        case help
        /// In the order of how well they fit what is typed.
        case palette
    }

    /// What an event led to.
    package enum Outcome: Hashable, Sendable {
        /// An action was chosen: close and do it.
        case chose(ID)
        /// The user wants out.
        case closed
        /// Nothing more to do.
        case handled
    }

    /// How the actions are listed.
    package let mode: Mode
    /// What is typed.
    package private(set) var filter = TextFieldState()
    /// Which row is chosen.
    package private(set) var list = ListState()
    private let actions: [KeyAction<ID>]
    private let entries: [PickerEntry<ID>]

    /// A picker of what `contexts` offer, in their order; `disabledReason` says why an action cannot be done now.
    package init(
        _ mode: Mode, keyMap: KeyMap<ID>, contexts: [KeyContext], disabledReason: (ID) -> String? = { _ in nil }
    ) {
        self.mode = mode
        actions = contexts.flatMap { keyMap.actions(in: [$0]) }
        entries = actions.map { action in
            PickerEntry(
                id: action.id, title: action.title,
                keys: keyMap.keys(for: action.id).map(\.description).joined(separator: " "),
                disabledReason: disabledReason(action.id))
        }
        list.select(rows.firstIndex { $0.id != nil } ?? 0, count: rows.count, height: rows.count)
    }

    /// The rows that show.
    package var rows: [PickerEntry<ID>] {
        switch mode {
        case .help: helpRows
        case .palette: paletteRows
        }
    }

    /// Takes in an event; `height` is the number of rows in view.
    package mutating func handle(_ event: InputEvent, height: Int = 10) -> Outcome {
        if case .key(let chord) = event, let outcome = handle(chord, height: height) { return outcome }
        switch filter.handle(event) {
        case .cancelled: return .closed
        case .edited:
            list = ListState()
            list.select(rows.firstIndex { $0.id != nil } ?? 0, count: rows.count, height: height)
        default: break
        }
        return .handled
    }

    private mutating func handle(_ chord: KeyChord, height: Int) -> Outcome? {
        switch chord.key {
        case .enter: return choose()
        case .up,
            .character("p") where chord.key == .up || chord.modifiers == .control:
            move(by: -1, height)
        case .down,
            .character("n") where chord.key == .down || chord.modifiers == .control:
            move(by: 1, height)
        case .pageUp: move(by: -height, height)
        case .pageDown: move(by: height, height)
        default: return nil
        }
        return .handled
    }

    private func choose() -> Outcome {
        let rows = rows
        guard rows.indices.contains(list.selection), let id = rows[list.selection].id,
            rows[list.selection].disabledReason == nil
        else { return .handled }
        return .chose(id)
    }

    /// Moves the choice and steps over headings.
    private mutating func move(by steps: Int, _ height: Int) {
        let rows = rows
        var target = max(0, min(list.selection + steps, rows.count - 1))
        let step = steps < 0 ? -1 : 1
        while rows.indices.contains(target), rows[target].id == nil { target += step }
        if rows.indices.contains(target) {
            list.select(target, count: rows.count, height: height)
        } else {
            list.scroll(by: step, count: rows.count, height: height)
            let first = rows.firstIndex { $0.id != nil } ?? 0
            list.select(max(first, list.selection), count: rows.count, height: height)
        }
    }

    private var helpRows: [PickerEntry<ID>] {
        var rows: [PickerEntry<ID>] = []
        var group: String?
        let query = filter.text.lowercased()
        for (action, entry) in zip(actions, entries) {
            let text = "\(action.group) \(entry.title) \(entry.keys)".lowercased()
            guard query.isEmpty || text.contains(query) || entry.keys == filter.text else { continue }
            if action.group != group { rows.append(PickerEntry(id: nil, title: action.group)) }
            group = action.group
            rows.append(entry)
        }
        return rows
    }

    private var paletteRows: [PickerEntry<ID>] {
        let scored = zip(entries, entries.indices).compactMap { entry, index in
            FuzzyMatch.score(filter.text, in: entry.title).map { (entry, $0, index) }
        }
        return scored.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.2 < $1.2 }.map(\.0)
    }
}
