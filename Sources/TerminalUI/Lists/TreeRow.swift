/// One row of a tree that shows, found by ``rows(of:expanded:id:children:)``.
package struct TreeRow<Node> {
    package let node: Node
    /// How many branches it is under.
    package let depth: Int
    /// Whether it has rows below it, when opened.
    package let isBranch: Bool
    /// Whether those rows show.
    package let isExpanded: Bool

    /// The rows that show, from the top: roots, and under each open branch its children.
    ///
    /// `children` is nil for a leaf; it is asked for each row that shows, and for nothing below a closed branch.
    package static func rows<ID: Hashable>(
        of roots: [Node], expanded: Set<ID>, id: (Node) -> ID, children: (Node) -> [Node]?
    ) -> [TreeRow] {
        var rows: [TreeRow] = []
        // An own stack: a tree of files may be deeper than a thread's.
        var waiting = roots.reversed().map { ($0, 0) }
        while let (node, depth) = waiting.popLast() {
            let below = children(node)
            let isExpanded = below != nil && expanded.contains(id(node))
            rows.append(TreeRow(node: node, depth: depth, isBranch: below != nil, isExpanded: isExpanded))
            if isExpanded, let below { waiting.append(contentsOf: below.reversed().map { ($0, depth + 1) }) }
        }
        return rows
    }

    /// The row of the branch that the row at `index` is under; nil for a root.
    package static func parent(of index: Int, in rows: [TreeRow]) -> Int? {
        guard rows.indices.contains(index) else { return nil }
        return rows[..<index].lastIndex { $0.depth < rows[index].depth }
    }
}

extension TreeRow: Sendable where Node: Sendable {}

extension TreeRow {
    /// What is drawn in front of a row: its depth, and `▸` or `▾` for a closed or open branch.
    package var guide: Span {
        let mark = isBranch ? (isExpanded ? "▾ " : "▸ ") : "  "
        return Span(String(repeating: "  ", count: depth) + mark, .treeGuide)
    }
}
