/// A grid of cells to draw on; a value that is made anew for each frame.
///
/// All coordinates are the canvas' own; what falls outside it, or outside the rectangle given, is cut off.
package struct Canvas: Sendable {
    package let size: Size
    package var cells: ContiguousArray<PackedCell>
    /// The styles in use; cells hold indices.
    package private(set) var styles: [Style]
    private var styleIndices: [Style: UInt16]
    private var lastStyle: (style: Style, index: UInt16)
    /// The glyphs of more than one scalar; cells hold indices.
    private(set) var clusters: [String] = []

    package init(size: Size, role: Role = .text) {
        let style = Style(role)
        self.size = size
        styles = [style]
        styleIndices = [style: 0]
        lastStyle = (style, 0)
        cells = ContiguousArray(repeating: .blank(0), count: size.width * size.height)
    }

    package var bounds: Rect { Rect(size: size) }

    /// The cell at `point`; nil outside.
    package subscript(point: Point) -> Cell? {
        guard bounds.contains(point) else { return nil }
        let cell = cells[point.y * size.width + point.x]
        return Cell(text: text(of: cell), width: Int(cell.width), style: styles[Int(cell.style)])
    }

    /// What is written to the terminal for a cell.
    package func text(of cell: PackedCell) -> String {
        guard cell.width > 0 else { return "" }
        if cell.glyph >= PackedCell.clusterBase { return clusters[Int(cell.glyph - PackedCell.clusterBase)] }
        return Unicode.Scalar(cell.glyph).map { String(Character($0)) } ?? " "
    }

    /// The index of a style in this canvas' table.
    mutating func index(of style: Style) -> UInt16 {
        if lastStyle.style == style { return lastStyle.index }
        if let known = styleIndices[style] {
            lastStyle = (style, known)
            return known
        }
        // A screen of child output may bring many colours; past the table's end they look like running text.
        guard styles.count < Int(UInt16.max) else { return 0 }
        let index = UInt16(styles.count)
        styles.append(style)
        styleIndices[style] = index
        lastStyle = (style, index)
        return index
    }

    /// The number that stands for a glyph in this canvas' cells.
    mutating func number(of glyph: Glyph) -> UInt32 {
        let scalars = glyph.text.unicodeScalars
        if let only = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex { return only.value }
        clusters.append(glyph.text)
        return PackedCell.clusterBase + UInt32(clusters.count - 1)
    }
}

/// One cell of a canvas, as it is read back.
package struct Cell: Hashable, Sendable {
    /// One grapheme; empty in the right half of a wide one.
    package let text: String
    /// Columns: 1 or 2; 0 for the right half of a wide one.
    package let width: Int
    package let style: Style
}

/// A cell in eight bytes: canvases are compared cell by cell on every frame.
package struct PackedCell: Equatable, Sendable {
    /// The scalar, or ``clusterBase`` plus an index into the canvas' clusters.
    package var glyph: UInt32
    package var style: UInt16
    /// Columns; 0 is the right half of a wide glyph.
    package var width: UInt16

    /// The first value that is no scalar.
    package static let clusterBase: UInt32 = 0x110000

    static func blank(_ style: UInt16) -> PackedCell { PackedCell(glyph: 0x20, style: style, width: 1) }
}
