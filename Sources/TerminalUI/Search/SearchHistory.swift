/// What was searched for before, the latest last, each once.
package struct SearchHistory: Hashable, Sendable {
    /// The patterns, the oldest first.
    package private(set) var entries: [String]
    private var position: Int?
    private let limit = 50

    package init(_ entries: [String] = []) {
        self.entries = Array(entries.suffix(limit))
    }

    package mutating func add(_ text: String) {
        entries.removeAll { $0 == text }
        entries.append(text)
        entries.removeFirst(max(0, entries.count - limit))
        position = nil
    }

    /// The one before the one shown, or the latest; nil at the oldest.
    package mutating func previous() -> String? {
        let next = (position ?? entries.count) - 1
        guard entries.indices.contains(next) else { return nil }
        position = next
        return entries[next]
    }

    /// The one after the one shown; nil past the latest.
    package mutating func next() -> String? {
        guard let position else { return nil }
        self.position = entries.indices.contains(position + 1) ? position + 1 : nil
        return self.position.map { entries[$0] }
    }
}
