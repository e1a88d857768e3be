/// Which branches of a tree are open, and where one is among the rows that show.
public struct TreeState<ID: Hashable & Sendable>: Hashable, Sendable {
    /// The open branches.
    public var expanded: Set<ID>
    /// Where one is among the rows; see ``TreeRow``.
    public var list: ListState

    /// A tree with `expanded` open.
    public init(expanded: Set<ID> = [], list: ListState = ListState()) {
        self.expanded = expanded
        self.list = list
    }

    /// Opens a branch, or closes it.
    public mutating func toggle(_ id: ID) {
        if expanded.remove(id) == nil { expanded.insert(id) }
    }
}
