import Diagnostics
import OCIImage
import TerminalUI

/// The files pane: the tree of one layer, or of all up to it, and what of it is shown.
struct FilesState: Sendable {
    /// Which tree is shown.
    struct Key: Sendable, Hashable {
        var image: String
        var source: ImageContents.Layer.Source
        var isMerged: Bool
        /// The image that it is compared with: only what differs is shown.
        var comparand: Comparand?
    }

    /// The order of files within a folder.
    enum Sort: String, Sendable, CaseIterable {
        case size, name, change
    }

    var key: Key?
    private(set) var tree: FileTree?
    /// What differs from another image, while it is compared.
    private(set) var comparison: ImageComparison?
    var failure: Failure?
    /// Whether the layers below are in the tree too.
    var isMerged = false
    var showsPermissions = false
    var list = ListState()
    private(set) var sort = Sort.size
    private(set) var hidden: Set<FileChange> = []
    private(set) var filter: SearchPattern?
    private(set) var rows: [TreeRow<FileTree.ID>] = []
    /// What rows are called that stand for a folder and the single folders in it.
    private(set) var joinedNames: [FileTree.ID: String] = [:]
    /// What the filter leaves: how many files, and their bytes.
    private(set) var filtered: (files: Int, bytes: Int64) = (0, 0)
    private(set) var search: FileSearch?
    private var expanded: Set<FileTree.ID> = []
    /// What was open in the tree before, by path: a tree of another layer opens in the same places.
    private var openPaths: Set<String> = []
    /// The file to go to once the tree is open.
    private var awaited: FileTree.ID?
    /// The rows that were in view when the tree was last drawn.
    private var height = 1

    var isLoading: Bool { key != nil && tree == nil && failure == nil }
    var selected: FileTree.ID? { rows.chosen(by: list)?.node }

    /// Keeps the cursor within the rows.
    mutating func fit(height: Int) {
        self.height = max(1, height)
        list.fit(count: rows.count, height: height)
    }

    mutating func move(by rows: Int) { list.move(by: rows, count: self.rows.count, height: height) }

    mutating func scroll(by rows: Int) { list.scroll(by: rows, count: self.rows.count, height: height) }

    /// Puts the cursor on a row.
    mutating func select(_ row: Int) { list.select(row, count: rows.count, height: height) }

    /// Forgets the tree, but not where the cursor was in it.
    mutating func begin(_ key: Key) {
        if let tree { openPaths = Set(expanded.map { tree.path(of: $0) }) }
        if (key.comparand == nil) != (self.key?.comparand == nil) {
            openPaths = []
            if key.comparand != nil { hidden.insert(.unchanged) } else { hidden.remove(.unchanged) }
        }
        self.key = key
        tree = nil
        failure = nil
        rows = []
    }

    /// Shows no tree: there is none to look at.
    mutating func end() {
        guard key != nil || tree != nil else { return }
        if let tree { openPaths = Set(expanded.map { tree.path(of: $0) }) }
        key = nil
        tree = nil
        failure = nil
        rows = []
    }

    /// Has the tree be opened anew: the image is another one.
    mutating func forget() { key = nil }

    /// Shows a tree and opens what was open, or else the folders that lead to the first choice.
    mutating func show(_ tree: FileTree, _ comparison: ImageComparison? = nil) {
        self.comparison = comparison
        self.tree = tree
        expanded = Set(openPaths.compactMap { tree.node(at: $0) })
        list = ListState()
        if key?.comparand != nil { expanded.formUnion(Self.folders(in: tree, onlyChanged: true)) }
        var folder = FileTree.ID.root
        while true {
            let children = tree.children(of: folder)
            guard children.count == 1, tree[children[0]].kind == .directory else { break }
            expanded.insert(children[0])
            folder = children[0]
        }
        rebuild()
        if let awaited { reveal(awaited) }
        awaited = nil
    }

    mutating func setSort(_ sort: Sort) {
        self.sort = sort
        search?.forgetMatches()
        rebuild()
    }

    mutating func setFilter(_ filter: SearchPattern?) {
        self.filter = filter
        search?.forgetMatches()
        rebuild()
    }

    mutating func toggleHidden(_ change: FileChange) {
        if hidden.remove(change) == nil { hidden.insert(change) }
        search?.forgetMatches()
        rebuild()
    }

    mutating func toggleExpanded(_ id: FileTree.ID) {
        if expanded.remove(id) == nil { expanded.insert(id) }
        rebuild()
    }

    mutating func setAllExpanded(_ isExpanded: Bool) {
        guard let tree else { return }
        expanded = isExpanded ? Set(Self.folders(in: tree, onlyChanged: false)) : []
        rebuild()
    }

    /// The folders of a tree, or those that lead to what differs, unless there are too many to be of use.
    private static func folders(in tree: FileTree, onlyChanged: Bool) -> [FileTree.ID] {
        var folders: [FileTree.ID] = []
        var waiting = [FileTree.ID.root]
        while let id = waiting.popLast(), !onlyChanged || folders.count < 400 {
            for child in tree.children(of: id)
            where tree[child].kind == .directory && (!onlyChanged || tree[child].change == .modified) {
                folders.append(child)
                waiting.append(child)
            }
        }
        return folders
    }

    /// Works out the rows anew; the choice stays on its file where that still shows.
    private mutating func rebuild() {
        guard let tree else { return }
        let chosen = selected
        let shown = ShownFiles(tree, hidden: hidden, filter: filter, sort: sort)
        filtered = shown.visible.map { ($0.count, $0.bytes) } ?? (0, 0)
        let open = filter == nil ? expanded : shown.visible?.folders ?? []
        var names: [FileTree.ID: String] = [:]
        func parts(of id: FileTree.ID) -> [FileTree.ID] {
            shown.children(of: id).map { child in
                let (last, name) = shown.joined(child)
                if last != child { names[last] = name }
                return last
            }
        }
        rows = TreeRow.rows(of: parts(of: .root), expanded: open, id: { $0 }) {
            tree[$0].kind == .directory ? parts(of: $0) : nil
        }
        joinedNames = names
        if let chosen, let index = rows.firstIndex(where: { $0.node == chosen }) {
            list.select(index, count: rows.count, height: max(1, rows.count))
        }
    }

    /// Goes to a file of the tree that opens next, or of this one if it stays.
    mutating func revealWhenOpened(_ id: FileTree.ID) {
        awaited = id
        key = nil
    }

    // MARK: Search

    /// Searches all files, also those in folders that are closed; `nil` ends the search.
    mutating func setSearch(_ pattern: SearchPattern?) { search = pattern.map { FileSearch($0) } }

    /// Goes to the next match after a file, or to the one before it, and opens the folders that it is in.
    /// - Returns: which of how many matches it is; `nil` if there is none.
    mutating func goToMatch(from start: FileTree.ID?, forward: Bool, includingStart: Bool = false) -> (Int, Int)? {
        guard let tree, var search else { return nil }
        search.find(in: ShownFiles(tree, hidden: hidden, filter: filter, sort: sort))
        self.search = search
        guard let index = search.next(from: start, forward: forward, includingStart: includingStart) else { return nil }
        reveal(search.matches[index])
        return (index + 1, search.matches.count)
    }

    /// Puts the cursor on a file and opens the folders above it.
    mutating func reveal(_ id: FileTree.ID) {
        guard let tree else { return }
        var above = tree.parent(of: id)
        while let folder = above, folder != .root {
            expanded.insert(folder)
            above = tree.parent(of: folder)
        }
        rebuild()
        // A folder that is joined with the one in it shares its row.
        let row = rows.firstIndex { $0.node == id } ?? rows.firstIndex { joins($0.node, id, tree) }
        if let row { select(row) }
    }

    private func joins(_ row: FileTree.ID, _ id: FileTree.ID, _ tree: FileTree) -> Bool {
        guard joinedNames[row] != nil else { return false }
        var above = tree.parent(of: row)
        while let folder = above, folder != .root {
            if folder == id { return true }
            above = tree.parent(of: folder)
        }
        return false
    }
}

/// What the files pane shows of a tree, folder by folder in the order of the rows.
struct ShownFiles {
    let tree: FileTree
    /// What a filter and the kinds of change leave; `nil` if that is everything.
    let visible: VisibleFiles?
    private let sort: FilesState.Sort

    init(_ tree: FileTree, hidden: Set<FileChange>, filter: SearchPattern?, sort: FilesState.Sort) {
        self.tree = tree
        self.sort = sort
        visible = filter == nil && hidden.isEmpty ? nil : VisibleFiles(tree, hidden: hidden, filter: filter)
    }

    func children(of id: FileTree.ID) -> [FileTree.ID] {
        let children = tree.children(of: id)
        return sorted(visible.map { files in children.filter { files.contains($0) } } ?? children)
    }

    /// The last of a chain of folders that each hold one folder and nothing else, and the name of the whole chain.
    func joined(_ id: FileTree.ID) -> (FileTree.ID, String) {
        var (last, name) = (id, tree.name(of: id))
        while tree[last].kind == .directory, let only = onlyFolder(in: last) {
            last = only
            name += "/" + tree.name(of: only)
        }
        return (last, name)
    }

    private func onlyFolder(in id: FileTree.ID) -> FileTree.ID? {
        guard visible != nil || tree.childCount(of: id) == 1 else { return nil }
        let children = tree.children(of: id).filter { visible?.contains($0) ?? true }
        return children.count == 1 && tree[children[0]].kind == .directory ? children[0] : nil
    }

    private func sorted(_ ids: [FileTree.ID]) -> [FileTree.ID] {
        switch sort {
        case .name: return ids
        case .size:
            return ids.sorted { (tree[$1].totalSize, tree.name(of: $0)) < (tree[$0].totalSize, tree.name(of: $1)) }
        case .change:
            return ids.sorted { left, right in
                func rank(_ id: FileTree.ID) -> UInt8 { tree[id].change == .unchanged ? 9 : tree[id].change.rawValue }
                return (rank(left), tree[right].totalSize) < (rank(right), tree[left].totalSize)
            }
        }
    }
}

/// The files of a tree that a filter and the kinds of change leave, with the folders above them.
struct VisibleFiles {
    /// The folders that have something to show.
    private(set) var folders: Set<FileTree.ID> = []
    private var files: Set<FileTree.ID> = []
    /// How many files there are without folders, and their bytes; removed ones have none.
    private(set) var count = 0
    private(set) var bytes: Int64 = 0

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
        if isFolder {
            folders.insert(id)
        } else if files.insert(id).inserted {
            count += 1
            bytes += tree[id].change == .removed ? 0 : tree[id].size
        }
        var above = tree.parent(of: id)
        while let folder = above, folder != .root, folders.insert(folder).inserted { above = tree.parent(of: folder) }
    }

    func contains(_ id: FileTree.ID) -> Bool { files.contains(id) || folders.contains(id) }
}
