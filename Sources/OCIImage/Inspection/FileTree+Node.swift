import LayerArchive

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
