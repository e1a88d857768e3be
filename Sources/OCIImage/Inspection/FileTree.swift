import Diagnostics
import Files
import LayerArchive
import SystemPackage

/// A tree of files with sizes and marks: of a layer, of layers merged, or of a folder on the disk.
///
/// Nodes stand in flat arrays, so that a hundred thousand of them open quickly and copy at no cost.
package struct FileTree: Sendable {
    /// A node's place in its tree; of no meaning in another one.
    package struct ID: Sendable, Hashable {
        let index: Int32

        /// The folder that everything is in.
        package static let root = ID(index: 0)
    }

    package enum Kind: UInt8, Sendable, Hashable {
        case directory, file, symlink, hardLink, special
    }

    /// One file or folder.
    package struct Node: Sendable {
        package internal(set) var kind: Kind
        /// What the layer did to it.
        package internal(set) var change: FileChange
        /// Permission bits with setuid, setgid and sticky.
        package internal(set) var mode: UInt16
        /// The layer that it comes from, counted from 0; -1 where no layer lists it.
        package internal(set) var layer: Int16
        /// Its own size in bytes; 0 for what is no file.
        package internal(set) var size: Int64
        /// The size of a folder with everything in it; removed files do not count.
        package internal(set) var totalSize: Int64
        /// The files, links and folders in a folder, at any depth; removed ones do not count.
        package internal(set) var count: Int32
        package var owner: Owner { Owner(user: Int(user), group: Int(group)) }

        var user: UInt32
        var group: UInt32
        var parent: Int32
        var name: NamePool.Slice
        var target: NamePool.Slice
        /// Where its content begins in the plain tar of its layer; -1 where that is not known.
        var offset: Int64
        var firstChild: Int32
        var nextSibling: Int32
        /// The layer that its mark is about.
        var changedIn: Int16
        var isGone: Bool
    }

    var nodes: [Node]
    var names: NamePool
    /// The children of all nodes, each node's in one piece, sorted by name.
    var order: [Int32] = []
    /// Where each node's children begin in `order`; one more than there are nodes.
    var starts: [Int32] = []

    /// How many nodes there are, the root and removed ones too.
    package var count: Int { order.count + 1 }

    package subscript(id: ID) -> Node { nodes[Int(id.index)] }

    /// A folder's nodes, sorted by the bytes of their names; none for a file.
    package func children(of id: ID) -> [ID] {
        guard Int(id.index) + 1 < starts.count else { return [] }
        return order[Int(starts[Int(id.index)])..<Int(starts[Int(id.index) + 1])].map(ID.init)
    }

    /// How many nodes a folder has; 0 for a file.
    package func childCount(of id: ID) -> Int {
        guard Int(id.index) + 1 < starts.count else { return 0 }
        return Int(starts[Int(id.index) + 1] - starts[Int(id.index)])
    }

    /// The name of a node; the root's is empty.
    package func name(of id: ID) -> String { names.text(nodes[Int(id.index)].name) }

    /// Where a link points; `nil` for what is no link.
    package func linkTarget(of id: ID) -> String? {
        let node = nodes[Int(id.index)]
        return node.kind == .symlink || node.kind == .hardLink ? names.text(node.target) : nil
    }

    /// The folder that a node is in; `nil` for the root.
    package func parent(of id: ID) -> ID? {
        id == .root ? nil : ID(index: nodes[Int(id.index)].parent)
    }

    /// The path of a node, beginning with "/"; the root's is "/".
    package func path(of id: ID) -> String {
        var parts: [String] = []
        var current = id
        while current != .root {
            parts.append(name(of: current))
            current = ID(index: nodes[Int(current.index)].parent)
        }
        return "/" + parts.reversed().joined(separator: "/")
    }

    /// The node at a path without following links; `nil` where there is none.
    package func node(at path: String) -> ID? {
        var current = ID.root
        for part in path.split(separator: "/") {
            guard let next = child(String(part), of: current) else { return nil }
            current = next
        }
        return current
    }

    /// The biggest files, biggest first.
    package func largestFiles(_ count: Int) -> [ID] {
        let files = order.filter { nodes[Int($0)].kind == .file && !nodes[Int($0)].isGone }
        return files.sorted { nodes[Int($0)].size > nodes[Int($1)].size }.prefix(count).map(ID.init)
    }

    /// The node of a name in a folder; `nil` if there is none.
    package func child(_ name: String, of id: ID) -> ID? {
        guard Int(id.index) + 1 < starts.count else { return nil }
        let found = order[Int(starts[Int(id.index)])..<Int(starts[Int(id.index) + 1])]
        var low = found.startIndex
        var high = found.endIndex
        let wanted = Array(name.utf8)
        while low < high {
            let middle = (low + high) / 2
            if names.bytes(nodes[Int(found[middle])].name).lexicographicallyPrecedes(wanted) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < found.endIndex, names.bytes(nodes[Int(found[low])].name).elementsEqual(wanted) else { return nil }
        return ID(index: found[low])
    }

    /// Where a path leads with every link on the way followed, as in a container; `nil` where it leads nowhere.
    package func node(following path: String) -> ID? {
        var rest = Array(path.split(separator: "/").reversed())
        var current = ID.root
        var links = 0
        while let part = rest.popLast() {
            guard part != "." else { continue }
            guard part != ".." else {
                current = parent(of: current) ?? .root
                continue
            }
            guard let next = node(at: "\(self.path(of: current))/\(part)"), self[next].change != .removed else {
                return nil
            }
            guard self[next].kind == .symlink, let target = linkTarget(of: next) else {
                current = next
                continue
            }
            links += 1
            // As the kernel does: whoever needs more goes round in a circle.
            guard links <= 40 else { return nil }
            if target.hasPrefix("/") { current = .root }
            rest += target.split(separator: "/").reversed()
        }
        return current
    }

    /// Reads a folder on the disk, such as a layer that is kept for the build; links are not followed, nothing is marked.
    /// - Throws: `Failure` when the folder cannot be read.
    package init(directory: FilePath) throws(Failure) {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        try FolderScan(directory).run { entry in builder.add(entry) }
        // Marks are about the last layer, and this one changes nothing.
        builder.beginLayer(1)
        self = builder.tree(.merged)
    }
}

extension FileTree.Node {
    /// A folder that nothing more is known of.
    init(directory name: NamePool.Slice, parent: Int32, layer: Int16) {
        self.init(
            kind: .directory, change: .unchanged, mode: 0o755, layer: layer, size: 0, totalSize: 0, count: 0, user: 0,
            group: 0, parent: parent, name: name, target: .empty, offset: -1, firstChild: -1, nextSibling: -1,
            changedIn: -1, isGone: false)
    }
}

extension FileTree.Kind {
    init(_ kind: TarEntry.Kind) {
        switch kind {
        case .directory: self = .directory
        case .file: self = .file
        case .symlink: self = .symlink
        case .hardLink: self = .hardLink
        case .special: self = .special
        }
    }
}

/// What a layer did to a file, seen against the layers below it.
package enum FileChange: UInt8, Sendable, Hashable {
    case unchanged
    /// It was not there before; marked `A`.
    case added
    /// It was there, or, for a folder, something in it changed; marked `M`.
    case modified
    /// It was there and is gone; marked `D`.
    case removed

    /// The one-letter mark; a space where nothing changed.
    package var mark: Character {
        switch self {
        case .unchanged: " "
        case .added: "A"
        case .modified: "M"
        case .removed: "D"
        }
    }
}
