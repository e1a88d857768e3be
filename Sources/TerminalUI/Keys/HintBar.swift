/// The footer.
///
/// ` ?:help  q:back  tab:pane`. The first hint is never dropped; others are, from the end.
package struct HintBar {
    private let hints: [KeyHint]

    /// A footer; put the key for help first.
    package init(_ hints: [KeyHint]) {
        self.hints = hints
    }

    package func shown(width: Int) -> ArraySlice<KeyHint> {
        var used = 0
        for (index, hint) in hints.enumerated() {
            used += 1 + hint.columns
            if used > width, index > 0 { return hints[..<index] }
            used += 1
        }
        return hints[...]
    }

    /// Draws the hints in the first row of `rect`.
    package func draw(in rect: Rect, on canvas: inout Canvas) {
        let row = rect.row(0)
        var x = rect.x + 1
        for hint in shown(width: rect.width) {
            x += canvas.write(hint.key, at: Point(x: x, y: row.y), in: row, .hintKey)
            x += canvas.write(":\(hint.text)", at: Point(x: x, y: row.y), in: row, .hintText) + 2
        }
    }

    /// The hint under `point`, counted from 0.
    package func index(at point: Point, in rect: Rect) -> Int? {
        guard rect.row(0).contains(point) else { return nil }
        var x = rect.x + 1
        for (index, hint) in shown(width: rect.width).enumerated() {
            if point.x >= x, point.x < x + hint.columns { return index }
            x += hint.columns + 2
        }
        return nil
    }
}

/// A key and what it does, in a word or two.
package struct KeyHint: Hashable, Sendable {
    package let key: String
    package let text: String

    package init(key: String, text: String) {
        self.key = key
        self.text = text
    }

    var columns: Int { key.columns + 1 + text.columns }
}

extension KeyMap {
    /// What a footer says: `first` before all others, then what the innermost of `contexts` offers, then the outer ones.
    ///
    /// An action without a key, one whose key means something else further in, and those in `without` are left out.
    package func hints(in contexts: [KeyContext], first: ID? = nil, without hidden: Set<ID> = []) -> [KeyHint] {
        var ordered = contexts.flatMap { context in actions.filter { $0.context == context } }
        if let first, let position = ordered.firstIndex(where: { $0.id == first }) {
            ordered.insert(ordered.remove(at: position), at: 0)
        }
        return ordered.compactMap { action in
            guard !action.hint.isEmpty, !hidden.contains(action.id), let key = reachableKey(of: action.id, in: contexts)
            else { return nil }
            return KeyHint(key: key.description, text: action.hint)
        }
    }

    /// The first key of an action that no context further in takes for itself.
    package func reachableKey(of id: ID, in contexts: [KeyContext]) -> KeySequence? {
        keys(for: id).first { match($0.chords, in: contexts) == .action(id) }
    }
}
