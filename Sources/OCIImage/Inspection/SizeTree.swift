import Diagnostics

/// Where the bytes of an image are: its layers, in them applications and folders, and in those files, the largest first.
///
/// Nodes are in flat arrays, so that a hundred thousand of them open quickly and copy at no cost.
package struct SizeTree: Sendable {
    /// A node's place in its tree.
    package struct ID: Sendable, Hashable {
        let index: Int32

        /// The image.
        package static let root = ID(index: 0)
    }

    package enum Kind: UInt8, Sendable, Hashable {
        case image, layer, application, folder, file
    }

    /// A layer, application, folder or file.
    package struct Node: Sendable {
        package let kind: Kind
        /// How it differs from the image that this one is compared with.
        package fileprivate(set) var change: FileChange
        /// The layer, counted from 0; -1 for the image.
        package let layer: Int16
        /// The bytes of all files in it.
        package fileprivate(set) var bytes: Int64
        /// The files and links in it, at any depth.
        package fileprivate(set) var files: Int32
        /// Where it is in the layer's own tree.
        package let file: FileTree.ID

        fileprivate let name: NamePool.Slice
        fileprivate let parent: Int32
        fileprivate var firstChild: Int32 = 0
        fileprivate var childCount: Int32 = 0
    }

    private var nodes: [Node]
    private var names = NamePool()
    /// The layers, largest first.
    private var layers: [ID] = []

    /// The tree of an image in which no layer is known yet.
    package init() {
        nodes = [
            Node(
                kind: .image, change: .unchanged, layer: -1, bytes: 0, files: 0, file: .root, name: .empty, parent: -1)
        ]
    }

    /// How many nodes there are, the image too.
    package var count: Int { nodes.count }

    package subscript(id: ID) -> Node { nodes[Int(id.index)] }

    /// What a layer, application or folder is called; folders that hold one folder only are joined with it.
    package func name(of id: ID) -> String { names.text(nodes[Int(id.index)].name) }

    /// What something is in; `nil` for the image.
    package func parent(of id: ID) -> ID? { id == .root ? nil : ID(index: nodes[Int(id.index)].parent) }

    /// What is in it, the largest first.
    package func children(of id: ID) -> [ID] {
        guard id != .root else { return layers }
        let node = nodes[Int(id.index)]
        return (node.firstChild..<node.firstChild + node.childCount).map(ID.init)
    }

    /// Adds a layer.
    /// - Parameters:
    ///   - tree: what the layer lists.
    ///   - comparison: the files of the image marked against another image; `nil` leaves them unmarked.
    package mutating func add(layer number: Int, named name: String, _ tree: FileTree, comparedIn comparison: FileTree?)
    {
        let root = tree[.root]
        let start = nodes.count
        append(
            Part(id: .root, name: name, kind: .layer, other: comparison == nil ? nil : .root), of: 0, layer: number,
            bytes: root.totalSize, in: tree, comparison)
        layers.append(ID(index: Int32(start)))
        nodes[0].bytes += root.totalSize
        var parts: [Part] = [Part(id: .root, name: name, kind: .layer, other: comparison == nil ? nil : .root)]
        var next = 0
        while next < parts.count {
            let index = start + next
            let children = Self.parts(of: parts[next], in: tree, comparison)
            nodes[index].firstChild = Int32(nodes.count)
            nodes[index].childCount = Int32(children.count)
            for part in children {
                append(part, of: index, layer: number, bytes: tree[part.id].totalSize, in: tree, comparison)
            }
            parts += children
            next += 1
        }
        sumUp(from: start)
        let nodes = nodes
        layers.sort { left, right in nodes[Int(left.index)].bytes > nodes[Int(right.index)].bytes }
    }

    /// A node that is about to be added: where it is in the layer's tree, and in that of the comparison.
    private struct Part {
        var id: FileTree.ID
        var name: String
        var kind: Kind
        var other: FileTree.ID?
    }

    private mutating func append(
        _ part: Part, of parent: Int, layer: Int, bytes: Int64, in tree: FileTree, _ comparison: FileTree?
    ) {
        let isFile = part.kind == .file
        let change = isFile ? part.other.flatMap { comparison?[$0].change } ?? .unchanged : .unchanged
        nodes.append(
            Node(
                kind: part.kind, change: change, layer: Int16(clamping: layer), bytes: bytes, files: isFile ? 1 : 0,
                file: part.id, name: names.add(part.name.utf8), parent: Int32(parent)))
    }

    /// Passes counts and marks on to what the nodes are in.
    private mutating func sumUp(from start: Int) {
        for index in stride(from: nodes.count - 1, through: start, by: -1) {
            let node = nodes[index]
            let parent = Int(node.parent)
            nodes[parent].files += node.files
            guard node.change != .unchanged else { continue }
            nodes[parent].change = .modified
        }
    }

    /// What is shown in a part: in a layer, the folders of applications give way to the applications.
    private static func parts(of part: Part, in tree: FileTree, _ comparison: FileTree?) -> [Part] {
        guard part.kind != .file else { return [] }
        var found = children(of: part, in: tree, comparison)
        if part.kind == .layer {
            // A layer often holds a single folder far down, which would be a step without a choice.
            while found.count == 1, found[0].kind == .folder {
                found = children(of: found[0], in: tree, comparison)
            }
            found = found.flatMap { child -> [Part] in
                guard child.kind == .folder else { return [child] }
                let below = children(of: child, in: tree, comparison)
                return below.contains { $0.kind == .application } ? below : [child]
            }
        }
        return found.sorted { (tree[$1.id].totalSize, $0.name) < (tree[$0.id].totalSize, $1.name) }
    }

    private static func children(of part: Part, in tree: FileTree, _ comparison: FileTree?) -> [Part] {
        tree.children(of: part.id).compactMap { id -> Part? in
            guard tree[id].change != .removed else { return nil }
            let name = tree.name(of: id)
            let other = part.other.flatMap { comparison?.child(name, of: $0) }
            guard tree[id].kind == .directory else { return Part(id: id, name: name, kind: .file, other: other) }
            return joined(Part(id: id, name: name, kind: .folder, other: other), in: tree, comparison)
        }
    }

    /// A folder with the folders that it is a mere step to; one that has an `ebin` is an application.
    private static func joined(_ part: Part, in tree: FileTree, _ comparison: FileTree?) -> Part {
        var part = part
        while true {
            let children = tree.children(of: part.id)
            if children.contains(where: { tree[$0].kind == .directory && tree.name(of: $0) == "ebin" }) {
                part.kind = .application
                return part
            }
            guard children.count == 1, tree[children[0]].kind == .directory else { return part }
            let name = tree.name(of: children[0])
            part.id = children[0]
            part.name += "/" + name
            part.other = part.other.flatMap { comparison?.child(name, of: $0) }
        }
    }
}

extension ImageFiles {
    /// Where the bytes of all layers are.
    /// - Parameters:
    ///   - names: what the layers are called, from the bottom up.
    ///   - comparison: the files of the image marked against another one.
    /// - Throws: `Failure` when a layer cannot be read or is over a limit.
    package func sizes(named names: [String], comparedIn comparison: FileTree?) async throws(Failure) -> SizeTree {
        var tree = SizeTree()
        for layer in image.layers.indices {
            let name = names.indices.contains(layer) ? names[layer] : "layer \(layer + 1)"
            tree.add(layer: layer, named: name, try await layerTree(layer), comparedIn: comparison)
        }
        return tree
    }
}
