import OCIImage
import TerminalUI
import Text

extension Pane {
    static let files: Pane = .init(
        name: "files", title: { $0.image.showsTreemap ? TreemapText.title(of: $0.image) : FileRows.title($0.image) },
        content: FilesContent(), keys: .files,
        enter: { Enter($0.image.showsTreemap ? "zoom" : "open", .image(.openNode)) },
        leaveMode: { state in
            if state.image.showsTreemap { return .image(.zoomOut) }
            if state.image.files.search != nil { return .image(.searchEnded) }
            return state.image.files.filter != nil ? .image(.filterLeft) : nil
        })
}

struct FilesContent: PaneContent {
    func draw(_ console: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        guard !console.image.showsTreemap else {
            return drawTreemap(console.image, in: rect, title: title, focused: focused, on: &canvas)
        }
        let state = console.image.files
        let counter = state.rows.isEmpty ? "" : state.list.counter(count: state.rows.count)
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        guard let tree = state.tree else {
            let lines = Self.explanation(console.image, width: max(1, inside.width - 2))
            return canvas.draw(lines, in: inside.inset(columns: 1, rows: 0))
        }
        let none = console.image.comparedTitle == nil ? "no files" : "no file differs"
        let empty = StyledLine(state.filter == nil ? none : "no file of that name", .textDim)
        ListView(count: state.rows.count, state: state.list, isFocused: focused, empty: empty) { index in
            FileRows.row(
                state.rows[index], tree, name: state.joinedNames[state.rows[index].node],
                showsPermissions: state.showsPermissions, search: state.search?.pattern,
                growth: state.comparison?.growth[state.rows[index].node])
        }.draw(in: inside, on: &canvas)
    }

    private func drawTreemap(
        _ image: ImageState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas
    ) {
        let counter = TreemapText.counter(of: image.treemap)
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused)
        if let view = TreemapView(image.treemap, isFocused: focused) { return view.draw(in: inside, on: &canvas) }
        let text = (image.treemap.failure.map { "\($0)" } ?? image.measureProblem) ?? "reading the layers…"
        canvas.draw(
            TextWrap.styled(text, width: max(1, inside.width - 2), .textDim), in: inside.inset(columns: 1, rows: 0))
    }

    private static func explanation(_ state: ImageState, width: Int) -> [StyledLine] {
        if let failure = state.files.failure { return TextWrap.styled("\(failure)", width: width, .stateFailed) }
        if state.files.isLoading { return [StyledLine("opening…", .textDim)] }
        let text: String =
            if state.selectedLayer == nil {
                "no layer"
            } else if state.contents?.manifestDigest == nil {
                "the files of this layer can be looked at once it is written"
            } else {
                "the files of this layer cannot be looked at: it has no folder here"
            }
        return [StyledLine(text, .textDim)]
    }

    func fit(_ state: inout ConsoleState, to size: Size) { state.image.files.fit(height: size.height) }

    func move(_ state: inout ConsoleState, by rows: Int, height: Int) {
        guard state.image.showsTreemap else { return state.image.files.move(by: rows) }
        let area = state.layout.rect(of: .files)?.inset() ?? .zero
        state.image.treemap.move(rows < 0 ? .up : .down, in: area)
    }

    func scroll(_ state: inout ConsoleState, by rows: Int, height: Int) { state.image.files.scroll(by: rows) }

    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool {
        guard !state.image.showsTreemap else { return false }
        return clickRow(&state, row: row, height: height)
    }

    private func clickRow(_ state: inout ConsoleState, row: Int, height: Int) -> Bool {
        state.image.files.list.click(row, count: state.image.files.rows.count, height: height)
    }

    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String {
        if state.image.showsTreemap { return TreemapText.counter(of: state.image.treemap) }
        let files = state.image.files
        guard let tree = files.tree else { return "" }
        guard all else { return files.selected.map { tree.path(of: $0).shownFileName } ?? "" }
        return files.rows.map { tree.path(of: $0.node).shownFileName + "\n" }.joined()
    }
}

/// What the files pane says.
enum FileRows {
    /// A row of the tree: mark, name, size.
    ///
    /// `name` is that of a folder that is joined with the ones in it.
    static func row(
        _ row: TreeRow<FileTree.ID>, _ tree: FileTree, name: String?, showsPermissions: Bool, search: SearchPattern?,
        growth: Int64? = nil
    ) -> ListRow {
        let node = tree[row.node]
        var line = StyledLine("\(node.change.mark) ", role(of: node.change))
        if showsPermissions { line.append(permissions(of: node).padded(to: 21), .textDim) }
        line.spans.append(row.guide)
        let name = (name ?? tree.name(of: row.node)).shownFileName
        let isMatch = search?.isFound(in: search?.text.contains("/") == true ? tree.path(of: row.node) : name) == true
        let role: Role =
            node.kind == .directory ? .treeBranch : node.change == .removed ? .diffRemoved : .text
        line.append(name, isMatch ? .searchMatch : role)
        if node.kind == .directory { line.append("/", .treeBranch) }
        if let target = tree.linkTarget(of: row.node) { line.append(" → \(target.shownFileName)", .textDim) }
        if row.isBranch && !row.isExpanded && node.count > 0 {
            line.append("  +\(Amount.grouped(Int(node.count)))", .textDim)
        }
        let size = StyledLine(Amount.bytes(node.totalSize), .number)
        let difference = growth.map {
            $0 == 0 ? StyledLine("same size  ", .textDim) : StyledLine("\(Amount.difference($0))  ", .number)
        }
        return ListRow(line, trailing: (difference ?? StyledLine()) + size)
    }

    static func role(of change: FileChange) -> Role {
        switch change {
        case .unchanged: .diffUnchanged
        case .added: .diffAdded
        case .modified: .diffModified
        case .removed: .diffRemoved
        }
    }

    /// `drwxr-xr-x 1000:1000`, as `ls` writes it.
    static func permissions(of node: FileTree.Node) -> String {
        let kind: Character =
            switch node.kind {
            case .directory: "d"
            case .symlink: "l"
            case .special: "s"
            case .file, .hardLink: "-"
            }
        var text = String(kind)
        for (shift, special, mark) in [(6, 0o4000, "s"), (3, 0o2000, "s"), (0, 0o1000, "t")] {
            let bits = Int(node.mode) >> shift & 7
            let isSpecial = Int(node.mode) & special != 0
            text += bits & 4 != 0 ? "r" : "-"
            text += bits & 2 != 0 ? "w" : "-"
            text += isSpecial ? (bits & 1 != 0 ? mark : mark.uppercased()) : bits & 1 != 0 ? "x" : "-"
        }
        return "\(text) \(node.owner.user):\(node.owner.group)"
    }

    /// ` 3 added +40.0 kB, 5 modified +2.0 kB`.
    private static func sums(of comparison: ImageComparison?) -> String {
        guard let comparison else { return "" }
        let sums = ComparisonSums(comparison).text
        return sums.isEmpty ? "" : " \(sums)"
    }

    /// `12 files, 4.1 MB`.
    private static func sums(of state: FilesState) -> String {
        let files = Amount.grouped(state.filtered.files) + (state.filtered.files == 1 ? " file" : " files")
        return "\(files), \(Amount.bytes(state.filtered.bytes))"
    }

    /// The title of the pane, with the modes that are on.
    static func title(_ image: ImageState) -> String {
        let (state, compared) = (image.files, image.comparedTitle)
        let layer = image.selectedLayer.flatMap { image.contents?.name(of: $0) }
        var words = [
            compared.map { "Files:\(sums(of: state.comparison)) against \($0)" }
                ?? (state.isMerged ? "Files up to \(layer ?? "it")" : "Files of \(layer ?? "a layer")")
        ]
        words.append("by \(state.sort.rawValue)")
        let hidden: [(FileChange, String)] = [(.added, "A"), (.modified, "M"), (.removed, "D"), (.unchanged, "U")]
        let without = hidden.filter { state.hidden.contains($0.0) }.map(\.1).joined()
        if !without.isEmpty { words.append("without \(without)") }
        if let filter = state.filter { words.append("&\(filter.text) \(sums(of: state))") }
        return words.joined(separator: " ")
    }
}
