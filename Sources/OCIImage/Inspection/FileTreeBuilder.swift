import Files
import Glibc
import LayerArchive

/// Lays layers over each other, from the bottom up, and marks what the last one did.
///
/// Whiteouts follow the
/// [OCI image specification](https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts):
/// they take away what lower layers have,
/// wherever they stand in their own layer; one without anything to take away is fine.
struct FileTreeBuilder: Sendable {
    private(set) var nodes = [FileTree.Node(directory: .empty, parent: -1, layer: -1)]
    private(set) var names = NamePool()
    private(set) var tally = SizeTally()
    private(set) var layer: Int16 = -1
    private var table = NodeTable()
    /// The folder of the entry before, since entries come folder by folder.
    private var lastFolder: (path: [UInt8], node: Int32) = ([], 0)

    /// The layer of a node that nothing is known of yet.
    private static let fresh: Int16 = -2
    private static let whiteout = Array(".wh.".utf8)
    private static let opaque = Array(".wh..wh..opq".utf8)
    /// Names that storage drivers keep for themselves.
    private static let reserved = Array(".wh..wh.".utf8)

    mutating func beginLayer(_ number: Int) {
        layer = Int16(clamping: number)
        tally.beginLayer()
    }

    mutating func add(_ entry: TarEntry, contentOffset: Int64? = nil) {
        RelativePath.with(entry.path) { path in
            add(entry, path, contentOffset: contentOffset)
        }
    }

    private mutating func add(_ entry: TarEntry, _ path: RelativePath, contentOffset: Int64?) {
        guard !path.name.isEmpty else { return setAttributes(0, entry) }
        let parent = node(ofFolder: path.folder)
        guard !path.name.starts(with: Self.whiteout) else { return addWhiteout(path.name, in: parent) }
        let node = place(path.name, in: parent)
        set(node, entry)
        nodes[Int(node)].offset = contentOffset ?? -1
        if entry.kind != .directory { tally.add(entry, at: node) }
    }

    private mutating func addWhiteout(_ name: UnsafeRawBufferPointer, in parent: Int32) {
        if name.elementsEqual(Self.opaque) {
            for child in children(of: parent) { remove(child) }
        } else if !name.starts(with: Self.reserved) {
            let rest = UnsafeRawBufferPointer(rebasing: name.dropFirst(Self.whiteout.count))
            guard let node = find(rest, in: parent) else { return }
            let old = nodes[Int(node)]
            let size = remove(node)
            if !old.isGone, old.layer != layer { tally.addRemoval(old.kind == .directory ? size : 0, at: node) }
        }
    }

    private mutating func set(_ node: Int32, _ entry: TarEntry) {
        let old = nodes[Int(node)]
        let isRemovedHere = old.isGone && old.changedIn == layer
        let wasThere = old.layer != Self.fresh && (!old.isGone || isRemovedHere)
        if wasThere, !old.isGone, old.kind == .directory, entry.kind == .directory {
            setAttributes(node, entry)
            if old.mode != entry.mode || old.owner != entry.owner, old.changedIn != layer { mark(node, .modified) }
            return
        }
        if old.kind == .directory, entry.kind != .directory { for child in children(of: node) { remove(child) } }
        setAttributes(node, entry)
        nodes[Int(node)].isGone = false
        let isAddedHere = old.changedIn == layer && old.change == .added
        mark(node, wasThere && !isAddedHere ? .modified : .added)
    }

    private mutating func setAttributes(_ node: Int32, _ entry: TarEntry) {
        let index = Int(node)
        nodes[index].kind = FileTree.Kind(entry.kind)
        nodes[index].mode = entry.mode
        nodes[index].size = entry.size
        nodes[index].user = UInt32(truncatingIfNeeded: entry.owner.user)
        nodes[index].group = UInt32(truncatingIfNeeded: entry.owner.group)
        nodes[index].layer = layer
        if let target = entry.linkTarget { nodes[index].target = names.add(target.utf8) }
    }

    private mutating func mark(_ node: Int32, _ change: FileChange) {
        nodes[Int(node)].change = change
        nodes[Int(node)].changedIn = layer
    }

    /// Takes away what lower layers have at a node and below it.
    /// - Returns: The size of the files that are gone.
    @discardableResult
    private mutating func remove(_ node: Int32) -> Int64 {
        var size: Int64 = 0
        var rest = [node]
        while let next = rest.popLast() {
            let index = Int(next)
            rest.append(contentsOf: children(of: next))
            guard nodes[index].layer != layer, !nodes[index].isGone else { continue }
            nodes[index].isGone = true
            size += nodes[index].size
            mark(next, .removed)
        }
        return size
    }

    private func children(of node: Int32) -> [Int32] {
        var found: [Int32] = []
        var next = nodes[Int(node)].firstChild
        while next >= 0 {
            found.append(next)
            next = nodes[Int(next)].nextSibling
        }
        return found
    }

    /// The node of a folder; folders that no entry lists are made.
    private mutating func node(ofFolder path: UnsafeRawBufferPointer) -> Int32 {
        if path.elementsEqual(lastFolder.path) { return revived(lastFolder.node) }
        var node: Int32 = 0
        for part in path.split(separator: UInt8(ascii: "/")) {
            node = revived(place(UnsafeRawBufferPointer(rebasing: part), in: node))
        }
        lastFolder = (Array(path), node)
        return node
    }

    /// A folder that something is put into is there, and is a folder.
    private mutating func revived(_ node: Int32) -> Int32 {
        let old = nodes[Int(node)]
        if old.layer == Self.fresh || old.isGone || old.kind != .directory {
            set(node, TarEntry(path: "", kind: .directory, mode: 0o755, owner: .root))
        }
        return node
    }

    private func find(_ name: UnsafeRawBufferPointer, in parent: Int32) -> Int32? {
        table.node(in: table.slot(parent: parent, name: name, nodes: nodes, names: names))
    }

    /// The node of a name in a folder; made where there is none.
    private mutating func place(_ name: UnsafeRawBufferPointer, in parent: Int32) -> Int32 {
        let slot = table.slot(parent: parent, name: name, nodes: nodes, names: names)
        if let node = table.node(in: slot) { return node }
        let node = Int32(nodes.count)
        var new = FileTree.Node(directory: names.add(name), parent: parent, layer: Self.fresh)
        new.nextSibling = nodes[Int(parent)].firstChild
        nodes.append(new)
        nodes[Int(parent)].firstChild = node
        table.set(slot, to: node, nodes: nodes, names: names)
        return node
    }
}

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
