import OCIImage
import TerminalUI

/// What the files pane says.
enum FileRows {
    /// A row of the tree: mark, name, size.
    static func row(_ row: TreeRow<FileTree.ID>, _ tree: FileTree, showsPermissions: Bool) -> ListRow {
        let node = tree[row.node]
        var line = StyledLine("\(node.change.mark) ", role(of: node.change))
        if showsPermissions { line.append(permissions(of: node).padded(to: 21), .textDim) }
        line.spans.append(row.guide)
        line.append(
            tree.name(of: row.node),
            node.kind == .directory ? .treeBranch : node.change == .removed ? .diffRemoved : .text)
        if node.kind == .directory { line.append("/", .treeBranch) }
        if let target = tree.linkTarget(of: row.node) { line.append(" → \(target)", .textDim) }
        if row.isBranch && !row.isExpanded && node.count > 0 {
            line.append("  +\(Decimals.grouped(Int(node.count)))", .textDim)
        }
        return ListRow(line, trailing: StyledLine(ByteCount.text(node.totalSize), .number))
    }

    private static func role(of change: FileChange) -> Role {
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

    /// The title of the pane, with the modes that are on.
    static func title(_ state: FilesState, layer: String?, comparedWith age: String? = nil) -> String {
        var words = [
            age.map { "Files against the image of \($0)" }
                ?? (state.isMerged ? "Files up to \(layer ?? "it")" : "Files of \(layer ?? "a layer")")
        ]
        words.append("by \(state.sort.rawValue)")
        let hidden: [(FileChange, String)] = [(.added, "A"), (.modified, "M"), (.removed, "D"), (.unchanged, "U")]
        let without = hidden.filter { state.hidden.contains($0.0) }.map(\.1).joined()
        if !without.isEmpty { words.append("without \(without)") }
        if let filter = state.filter { words.append("&\(filter.text)") }
        return words.joined(separator: " ")
    }
}
