import OCIImage
import TerminalUI
import Text

/// The treemap in cells: frames for what has something in it, a mark and a pattern for what changed.
struct TreemapView {
    private let tree: SizeTree
    private let state: TreemapState
    private let isFocused: Bool

    init?(_ state: TreemapState, isFocused: Bool) {
        guard let tree = state.tree else { return nil }
        self.tree = tree
        self.state = state
        self.isFocused = isFocused
    }

    /// Draws the part that is shown.
    func draw(in rect: Rect, on canvas: inout Canvas) {
        let parts = tree.children(of: state.root)
        let layout = state.tiles(in: rect)
        for (index, tile) in layout.tiles.enumerated() {
            draw(parts[index], in: tile, isSelected: index == state.selection, depth: 0, on: &canvas)
        }
        drawRest(of: parts, behind: layout, on: &canvas)
    }

    /// How many frames are drawn in each other: a layer, its applications, their folders.
    private static let deepest = 3

    private func draw(_ id: SizeTree.ID, in tile: Rect, isSelected: Bool, depth: Int, on canvas: inout Canvas) {
        let node = tree[id]
        guard tile.height >= 2, tile.width >= 4 else {
            return drawSmall(id, in: tile, isSelected: isSelected, on: &canvas)
        }
        let role = Self.role(of: node)
        let title = label(id, isSelected: isSelected, columns: tile.width - 4)
        let border: Role = isSelected && isFocused ? .borderFocused : role
        let inside = canvas.box(
            tile, title: title, border: border,
            titleRole: isSelected ? .listSelected : node.change == .unchanged ? .text : role)
        let parts = telling(tree.children(of: id))
        guard depth < Self.deepest, inside.height >= 4, inside.width >= 12, parts.count > 1 else {
            fill(inside, node, on: &canvas)
            return drawList(of: parts, in: inside, on: &canvas)
        }
        let layout = TreemapLayout(parts.map { tree[$0].bytes }, in: inside)
        for (index, tile) in layout.tiles.enumerated() {
            draw(parts[index], in: tile, isSelected: false, depth: depth + 1, on: &canvas)
        }
        drawRest(of: parts, behind: layout, on: &canvas)
    }

    /// The parts with a folder that has nearly all of the bytes replaced by what is in it: a frame for it would say nothing.
    private func telling(_ parts: [SizeTree.ID]) -> [SizeTree.ID] {
        var parts = parts
        while let first = parts.first {
            let all = parts.reduce(0) { $0 + tree[$1].bytes }
            let inside = tree.children(of: first)
            guard !inside.isEmpty, tree[first].bytes * 10 >= all * 9 else { break }
            parts = (inside + parts.dropFirst()).sorted { tree[$0].bytes > tree[$1].bytes }
        }
        return parts
    }

    /// The largest parts by name, where frames would be too many.
    private func drawList(of parts: [SizeTree.ID], in rect: Rect, on canvas: inout Canvas) {
        guard rect.width >= 8 else { return }
        for (row, id) in parts.prefix(rect.height).enumerated() {
            let role: Role = tree[id].change == .unchanged ? .textDim : Self.role(of: tree[id])
            canvas.fill(rect.row(row), .text)
            canvas.write(label(id, isSelected: false, columns: rect.width), at: rect.row(row).origin, in: rect, role)
        }
    }

    private func drawSmall(_ id: SizeTree.ID, in tile: Rect, isSelected: Bool, on canvas: inout Canvas) {
        guard !tile.isEmpty else { return }
        fill(tile, tree[id], on: &canvas)
        let role = isSelected ? .listSelected : Self.role(of: tree[id])
        canvas.write(label(id, isSelected: isSelected, columns: tile.width), at: tile.origin, in: tile, role)
    }

    /// A pattern over what changed, so that it is seen without colour too.
    private func fill(_ rect: Rect, _ node: SizeTree.Node, on canvas: inout Canvas) {
        guard node.change != .unchanged, node.kind == .file || node.kind == .application || node.kind == .folder,
            !rect.isEmpty
        else { return }
        for row in 0..<rect.height {
            canvas.write(
                String(repeating: "▒", count: rect.width), at: Point(x: rect.x, y: rect.y + row), in: rect,
                Self.role(of: node))
        }
    }

    private func drawRest(of parts: [SizeTree.ID], behind layout: TreemapLayout, on canvas: inout Canvas) {
        guard let rest = layout.rest, !rest.isEmpty else { return }
        let left = parts.dropFirst(layout.tiles.count)
        let bytes = left.reduce(0) { $0 + tree[$1].bytes }
        let text = "\(Amount.grouped(left.count)) more \(Amount.bytes(bytes))"
        canvas.write(text.truncated(to: rest.width), at: rest.origin, in: rest, .textDim)
    }

    /// `›M phoenix-1.7.14 4.1 MB`: the size goes before the name is cut.
    private func label(_ id: SizeTree.ID, isSelected: Bool, columns: Int) -> String {
        let node = tree[id]
        let mark = (isSelected ? "›" : "") + (node.change == .unchanged ? "" : "\(node.change.mark) ")
        let name = tree.name(of: id).shownFileName
        let size = " " + Amount.bytes(node.bytes)
        let room = columns - mark.columns
        guard name.columns + size.columns > room else { return mark + name + size }
        return mark + name.shortened(to: max(1, room))
    }

    private static func role(of node: SizeTree.Node) -> Role {
        node.change == .unchanged ? .border : FileRows.role(of: node.change)
    }
}

/// What the frame of the treemap says.
enum TreemapText {
    /// `Treemap of shop:latest › base`, and what its colours are about.
    static func title(of image: ImageState) -> String {
        let state = image.treemap
        var names: [String] = []
        var current: SizeTree.ID? = state.root
        while let id = current, id != .root, let tree = state.tree {
            names.append(tree.name(of: id).shownFileName)
            current = tree.parent(of: id)
        }
        let path = ([image.contents?.name ?? "the image"] + names.reversed()).joined(separator: " › ")
        let against = (state.key?.comparand).flatMap { _ in (image.previous ?? image.measure?.previous)?.title }
        return "Treemap of \(path)" + (against.map { ", against \($0)" } ?? "")
    }

    /// The chosen part: what it is, its size, and its part of the image.
    static func counter(of state: TreemapState) -> String {
        guard let tree = state.tree, let id = state.selected else { return "" }
        let node = tree[id]
        let all = max(1, tree[.root].bytes)
        let percent = Amount.decimal(Double(node.bytes) / Double(all) * 100, digits: 1)
        let files =
            node.kind == .file ? "" : "  \(Amount.grouped(Int(node.files))) \(node.files == 1 ? "file" : "files")"
        return "\(tree.name(of: id).shownFileName.shortened(to: 24))  \(Amount.bytes(node.bytes))\(files)  \(percent) %"
    }
}
