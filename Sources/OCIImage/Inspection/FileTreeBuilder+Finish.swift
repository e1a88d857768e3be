import Glibc

extension FileTreeBuilder {
    /// Which nodes a tree shows.
    enum Scope: Sendable, Hashable {
        /// What is there with all layers so far, and what the last one removed.
        case merged
        /// What the last layer lists, adds, changes or removes, and the folders it is in.
        case layer
    }

    /// The tree with the marks of the last layer.
    func tree(_ scope: Scope) -> FileTree {
        var tree = FileTree(nodes: nodes, names: names)
        var isShown = Array(repeating: false, count: nodes.count)
        for index in tree.nodes.indices.reversed() {
            settle(index, scope, &tree, &isShown)
        }
        tree.arrange(isShown)
        return tree
    }

    /// Settles a node after all nodes in it, which come behind it, and passes its sums on to its folder.
    private func settle(_ index: Int, _ scope: Scope, _ tree: inout FileTree, _ isShown: inout [Bool]) {
        let isOfLayer = tree.nodes[index].changedIn == layer
        if !isOfLayer { tree.nodes[index].change = .unchanged }
        let node = tree.nodes[index]
        let isListed = isOfLayer || node.layer == layer
        isShown[index] = isShown[index] || ((scope == .merged || isListed) && (!node.isGone || isOfLayer))
        tree.nodes[index].totalSize += node.isGone || !isShown[index] ? 0 : node.size
        guard index > 0, isShown[index] else { return }
        pass(tree.nodes[index], to: Int(node.parent), &tree)
        isShown[Int(node.parent)] = true
    }

    private func pass(_ node: FileTree.Node, to parent: Int, _ tree: inout FileTree) {
        if !node.isGone {
            tree.nodes[parent].totalSize += node.totalSize
            tree.nodes[parent].count += node.count + 1
            tree.nodes[parent].isGone = false
        }
        guard node.change != .unchanged else { return }
        let isMarked = tree.nodes[parent].changedIn == layer
        if !isMarked || (tree.nodes[parent].change == .removed && !node.isGone) {
            tree.nodes[parent].change = .modified
            tree.nodes[parent].changedIn = layer
        }
    }
}

extension FileTree {
    fileprivate init(nodes: [Node], names: NamePool) {
        self.nodes = nodes
        self.names = names
    }

    /// Puts the children of every node into one piece, sorted by name.
    fileprivate mutating func arrange(_ isShown: [Bool]) {
        starts = Array(repeating: 0, count: nodes.count + 1)
        for index in nodes.indices.dropFirst() where isShown[index] { starts[Int(nodes[index].parent) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        order = Array(repeating: 0, count: Int(starts[nodes.count]))
        var next = starts
        for index in nodes.indices.dropFirst() where isShown[index] {
            let parent = Int(nodes[index].parent)
            order[Int(next[parent])] = Int32(index)
            next[parent] += 1
        }
        sortChildren()
    }

    private mutating func sortChildren() {
        let nodes = nodes
        let starts = starts
        names.withStorage { storage in
            order.withUnsafeMutableBufferPointer { order in
                for index in nodes.indices where starts[index + 1] - starts[index] > 1 {
                    order[Int(starts[index])..<Int(starts[index + 1])].sort { left, right in
                        Self.precedes(nodes[Int(left)].name, nodes[Int(right)].name, storage)
                    }
                }
            }
        }
    }

    private static func precedes(
        _ left: NamePool.Slice, _ right: NamePool.Slice, _ storage: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let start = storage.baseAddress else { return false }
        let common = Int(min(left.length, right.length))
        let order = memcmp(start + Int(left.start), start + Int(right.start), common)
        return order == 0 ? left.length < right.length : order < 0
    }
}
