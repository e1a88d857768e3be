/// A list of actions that typing narrows and Enter runs: the help (by groups) and the command palette (best match first).
package struct ActionPicker<ID: Hashable & Sendable & RawRepresentable>: Sendable where ID.RawValue == String {
    package enum Mode: Hashable, Sendable {
        /// By groups, with headings, in the order of the contexts.
        case help
        /// In the order of how well they fit what is typed.
        case palette
    }

    package enum Outcome: Hashable, Sendable {
        /// An action was chosen: close and do it.
        case chose(ID)
        case closed
        case handled
    }

    /// How the actions are listed.
    package let mode: Mode
    package private(set) var filter = TextFieldState()
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
                id: action.id, title: mode == .palette ? action.name : action.title,
                keys: keyMap.keys(for: action.id).map(\.description).joined(separator: " "),
                disabledReason: disabledReason(action.id))
        }
        list.select(rows.firstIndex { $0.id != nil } ?? 0, count: rows.count, height: rows.count)
    }

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
            let words = [action.group, entry.title, action.name, entry.keys] + action.aliases
            let text = words.joined(separator: " ").lowercased()
            guard query.isEmpty || text.contains(query) || entry.keys == filter.text else { continue }
            if action.group != group { rows.append(PickerEntry(id: nil, title: action.group)) }
            group = action.group
            rows.append(entry)
        }
        return rows
    }

    private var paletteRows: [PickerEntry<ID>] {
        let query = ActionQuery(filter.text)
        let scored = zip(actions, entries).enumerated().compactMap { index, pair in
            query.score(pair.0).map { (entry: pair.1, score: $0, index: index) }
        }
        return scored.sorted { left, right in
            guard left.score == right.score else { return left.score > right.score }
            let isLeftPossible = left.entry.disabledReason == nil
            guard isLeftPossible == (right.entry.disabledReason == nil) else { return isLeftPossible }
            return left.index < right.index
        }.map(\.entry)
    }

    /// Draws the picker over the middle of `rect`; gives the cursor's place, and the rectangle of the rows.
    @discardableResult
    package func draw(in rect: Rect, on canvas: inout Canvas) -> (cursor: Point?, rows: Rect) {
        let rows = rows
        let size = Size(width: min(76, rect.width - 2), height: min(rect.height - 2, 4 + max(rows.count, 8)))
        let count = rows.count { $0.id != nil }
        let inside = canvas.overlay(
            rect.centered(size), title: mode == .help ? "Help" : "Commands", counter: "\(count)")
        let parts = inside.split(top: 2)
        let prompt = mode == .help ? "/" : ":"
        canvas.write(prompt, at: parts.top.origin, in: parts.top, .hintKey)
        let cursor = TextFieldView(filter, placeholder: "type to narrow, Enter runs, Esc closes")
            .draw(in: parts.top.row(0).split(left: 1).rest, on: &canvas)
        ListView(count: rows.count, state: list, empty: StyledLine("nothing fits", .textDim)) { row(rows[$0]) }
            .draw(in: parts.rest, on: &canvas)
        return (cursor, parts.rest)
    }

    private func row(_ entry: PickerEntry<ID>) -> ListRow {
        guard entry.id != nil else { return ListRow(StyledLine(entry.title, .heading)) }
        var line = StyledLine("  " + entry.title, .text)
        if let reason = entry.disabledReason { line.append(" (\(reason))", .textDim) }
        return ListRow(line, trailing: StyledLine(entry.keys, .hintKey), isEnabled: entry.disabledReason == nil)
    }
}

/// A row of the help or the palette.
package struct PickerEntry<ID: Hashable & Sendable>: Hashable, Sendable {
    /// The action; nil for a heading.
    package let id: ID?
    /// What it does, or the heading.
    package let title: String
    package private(set) var keys = ""
    /// Why it cannot be done now; nil if it can.
    package private(set) var disabledReason: String?
}

/// What was typed into the palette: first come words that begin so, then letters in their order.
struct ActionQuery {
    private let words: [String]
    private let letters: [Character]

    init(_ text: String) {
        words = text.lowercased().split(separator: " ").map(String.init)
        letters = words.flatMap { $0 }
    }

    /// A score, higher is better; `nil` if nothing of the action fits.
    ///
    /// Nothing typed fits all alike. An action that ends or removes something needs three letters of one of its own words.
    func score<ID: RawRepresentable<String>>(_ action: KeyAction<ID>) -> Int? {
        guard !letters.isEmpty else { return 0 }
        let level = level(of: action)
        if action.isDestructive, letters.count < 3 || level < Self.title { return level > 0 ? 1 : nil }
        return level > 0 ? level : nil
    }

    private static let title = 20

    private func level<ID: RawRepresentable<String>>(of action: KeyAction<ID>) -> Int {
        let name = Self.words(action.name)
        let whole = words.joined(separator: " ")
        if action.name.lowercased() == whole || action.aliases.contains(whole) { return 90 }
        if action.id.rawValueText == whole { return 78 }
        if let first = name.first, first == words[0], isPrefix(of: name) { return 80 }
        if let first = name.first, first.hasPrefix(words[0]), isPrefix(of: name) { return 70 }
        if isPrefix(of: name) { return 60 }
        if action.aliases.contains(where: { isPrefix(of: Self.words($0)) }) { return 50 }
        if isPrefix(of: name + action.aliases.flatMap(Self.words)) { return 40 }
        if isPrefix(of: name + Self.words(action.title) + Self.words(action.id.rawValueText)) { return Self.title }
        return isSubsequence(of: action.name.lowercased()) ? 10 : 0
    }

    /// Whether every typed word begins one of these.
    private func isPrefix(of candidates: [String]) -> Bool {
        words.allSatisfy { word in candidates.contains { $0.hasPrefix(word) } }
    }

    private func isSubsequence(of text: String) -> Bool {
        var rest = letters[...]
        for character in text where character == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

extension RawRepresentable<String> {
    fileprivate var rawValueText: String { rawValue.lowercased() }
}
