import Files
import LayerArchive

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

    /// What a node is.
    package enum Kind: UInt8, Sendable, Hashable {
        case directory, file, symlink, hardLink, special
    }

    /// One file or folder.
    package struct Node: Sendable {
        /// What it is.
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
        /// Whose it is.
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

    /// A node.
    package subscript(id: ID) -> Node { nodes[Int(id.index)] }

    /// A folder's nodes, sorted by the bytes of their names; none for a file.
    package func children(of id: ID) -> [ID] {
        guard Int(id.index) + 1 < starts.count else { return [] }
        return order[Int(starts[Int(id.index)])..<Int(starts[Int(id.index) + 1])].map(ID.init)
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

    private func child(_ name: String, of id: ID) -> ID? {
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
}
