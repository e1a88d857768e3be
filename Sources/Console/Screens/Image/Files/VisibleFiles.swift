import OCIImage
import TerminalUI

/// The files of a tree that a filter and the kinds of change leave, with the folders above them.
struct VisibleFiles {
    /// The folders that have something to show.
    private(set) var folders: Set<FileTree.ID> = []
    private var files: Set<FileTree.ID> = []

    init(_ tree: FileTree, hidden: Set<FileChange>, filter: SearchPattern?) {
        var waiting = [(id: FileTree.ID.root, path: "")]
        while let (folder, path) = waiting.popLast() {
            for child in tree.children(of: folder) {
                let childPath = filter == nil ? "" : path + "/" + tree.name(of: child)
                let isFolder = tree[child].kind == .directory
                if isFolder { waiting.append((child, childPath)) }
                let matches = filter.map { $0.isFound(in: childPath) } ?? !isFolder
                guard matches, !hidden.contains(tree[child].change) else { continue }
                show(child, in: tree, isFolder: isFolder)
            }
        }
    }

    private mutating func show(_ id: FileTree.ID, in tree: FileTree, isFolder: Bool) {
        if isFolder { folders.insert(id) } else { files.insert(id) }
        var above = tree.parent(of: id)
        while let folder = above, folder != .root, folders.insert(folder).inserted { above = tree.parent(of: folder) }
    }

    func contains(_ id: FileTree.ID) -> Bool { files.contains(id) || folders.contains(id) }
}
