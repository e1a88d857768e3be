import Diagnostics
import Files
import LayerArchive

/// What is different in one image against another, file by file, as a container would see them.
package struct ImageComparison: Sendable {
    /// The files of both images: marked `A`, `M` or `D` where they differ, unmarked where they are the same.
    ///
    /// A node's layer is that of the newer image, or of the older one for a file that is gone.
    package let tree: FileTree
    /// By how many bytes each file that differs, and each folder with such files, grew.
    package let growth: [FileTree.ID: Int64]

    /// Compares two images.
    ///
    /// Layers that both have are not read twice, and only files of the others are compared byte by byte.
    /// - Throws: `Failure` when a layer cannot be read or is over a limit.
    package init(from old: ImageFiles, to new: ImageFiles) async throws(Failure) {
        let oldTree = try await old.wholeTree()
        let newTree = try await new.wholeTree()
        let oldDigests = try await old.digests(besides: new.image, of: oldTree, where: newTree)
        let newDigests = try await new.digests(besides: old.image, of: newTree, where: oldTree)
        self.init(from: oldTree, to: newTree) { path, other, id in
            oldTree.looks(other, like: newTree, id) && oldDigests[path] == newDigests[path]
        }
    }

    /// Compares an image with the sizes that an earlier one's files had; files of the same size count as the same.
    package init(fromSizes old: [String: Int64], to new: ImageFiles) async throws(Failure) {
        self.init(fromSizes: old, to: try await new.wholeTree())
    }

    init(fromSizes old: [String: Int64], to newTree: FileTree) {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        for (path, size) in old {
            builder.add(TarEntry(path: path, kind: .file(size: size), mode: 0o644, owner: .root))
        }
        // Only files have a size that was kept: links and folders are taken to be as they are now.
        newTree.forEachNode { path, id in
            if newTree[id].kind != .file, old[path] == nil { builder.add(newTree.entry(id, path)) }
        }
        let oldTree = builder.tree(.merged)
        self.init(from: oldTree, to: newTree) { _, other, id in
            oldTree[other].size == newTree[id].size
        }
    }

    private init(
        from oldTree: FileTree, to newTree: FileTree,
        areSame: (_ path: String, _ old: FileTree.ID, _ new: FileTree.ID) -> Bool
    ) {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        oldTree.forEachNode { path, id in builder.add(oldTree.entry(id, path)) }
        builder.beginLayer(1)
        newTree.forEachNode { path, id in
            let isSame = oldTree.node(at: path).map { areSame(path, $0, id) }
            if isSame != true { builder.add(newTree.entry(id, path)) }
        }
        oldTree.forEachNode { path, id in
            guard newTree.node(at: path) == nil else { return }
            let name = oldTree.name(of: id)
            let folder = path.dropLast(name.count)
            // What was in a folder that is gone, goes with it.
            guard newTree.node(at: String(folder)) != nil else { return }
            builder.add(TarEntry(path: folder + ".wh." + name, kind: .file(size: 0), mode: 0, owner: .root))
        }
        var tree = builder.tree(.merged)
        tree.takeLayers(from: newTree, oldTree)
        self.tree = tree
        growth = tree.growth(since: oldTree)
    }

    /// What was added, modified and removed: how many files, and by how many bytes they grew together.
    package var sums: [(change: FileChange, files: Int, growth: Int64)] {
        var sums: [FileChange: (files: Int, growth: Int64)] = [:]
        for id in tree.differences {
            let sum = sums[tree[id].change] ?? (0, 0)
            sums[tree[id].change] = (sum.files + 1, sum.growth + (growth[id] ?? 0))
        }
        return [FileChange.added, .modified, .removed].compactMap { change in
            sums[change].map { (change, $0.files, $0.growth) }
        }
    }
}

extension ImageFiles {
    /// What a container sees.
    fileprivate func wholeTree() async throws(Failure) -> FileTree {
        guard !image.layers.isEmpty else { return FileTreeBuilder().tree(.merged) }
        return try await mergedTree(through: image.layers.count - 1).withoutRemoved
    }

    /// The digests of files that may have another content than in the other image: of the same path and size there, but from
    /// a layer that the other image does not have.
    fileprivate func digests(
        besides other: Image, of tree: FileTree, where otherTree: FileTree
    ) async throws(Failure) -> [String: String] {
        let shared = Set(other.layers.map(\.diffID))
        var digests: [String: String] = [:]
        for index in image.layers.indices where !shared.contains(image.layers[index].diffID) {
            let found = try await contentDigests(inLayer: index) { path in
                guard let id = tree.node(at: path), Int(tree[id].layer) == index, let same = otherTree.node(at: path)
                else { return false }
                return tree[id].kind == .file && otherTree[same].kind == .file && tree[id].size == otherTree[same].size
            }
            digests.merge(found) { $1 }
        }
        return digests
    }
}

extension FileTree {
    /// The files and links that are marked, by path; folders that were made or are gone are told by what is in them.
    package var differences: [ID] {
        var found: [ID] = []
        forEachNode { _, id in if self[id].kind != .directory, self[id].change != .unchanged { found.append(id) } }
        return found.sorted { path(of: $0) < path(of: $1) }
    }

    /// The tree without what the last layer removed.
    fileprivate var withoutRemoved: FileTree {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        forEachNode { path, id in if !self[id].isGone { builder.add(entry(id, path)) } }
        var tree = builder.tree(.merged)
        tree.takeLayers(from: self, self)
        return tree
    }

    /// Calls `body` for every node but the root, folders before what is in them.
    fileprivate func forEachNode(_ body: (_ path: String, ID) -> Void) {
        var waiting = children(of: .root).map { ("/" + name(of: $0), $0) }
        while let (path, id) = waiting.popLast() {
            body(path, id)
            waiting += children(of: id).map { (path + "/" + name(of: $0), $0) }
        }
    }

    fileprivate func entry(_ id: ID, _ path: String) -> TarEntry {
        let node = self[id]
        let kind: TarEntry.Kind =
            switch node.kind {
            case .directory: .directory
            case .file: .file(size: node.size)
            case .symlink: .symlink(target: linkTarget(of: id) ?? "")
            case .hardLink: .hardLink(target: linkTarget(of: id) ?? "")
            case .special: .special
            }
        return TarEntry(path: path, kind: kind, mode: node.mode, owner: node.owner)
    }

    /// By how much the marked files of this tree are larger than in an older one, and the folders that they are in.
    fileprivate func growth(since old: FileTree) -> [ID: Int64] {
        var growth: [ID: Int64] = [:]
        forEachNode { path, id in
            let node = self[id]
            guard node.kind != .directory, node.change != .unchanged else { return }
            let before = node.change == .added ? 0 : old.node(at: path).map { old[$0].size } ?? 0
            let difference = (node.change == .removed ? 0 : node.size) - before
            var current: ID? = id
            while let above = current {
                growth[above, default: 0] += difference
                current = parent(of: above)
            }
        }
        return growth
    }

    /// Whether two nodes are alike in all but their content.
    fileprivate func looks(_ id: ID, like other: FileTree, _ otherID: ID) -> Bool {
        let (left, right) = (self[id], other[otherID])
        return left.kind == right.kind && left.size == right.size && left.mode == right.mode
            && left.owner == right.owner && linkTarget(of: id) == other.linkTarget(of: otherID)
    }

    /// Takes over from which layer each file comes.
    fileprivate mutating func takeLayers(from first: FileTree, _ second: FileTree) {
        var waiting = children(of: .root).map { ("/" + name(of: $0), $0) }
        while let (path, id) = waiting.popLast() {
            let found = first.node(at: path).map { first[$0].layer } ?? second.node(at: path).map { second[$0].layer }
            nodes[Int(id.index)].layer = found ?? -1
            waiting += children(of: id).map { (path + "/" + name(of: $0), $0) }
        }
    }
}
