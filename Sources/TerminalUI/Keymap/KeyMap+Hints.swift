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
