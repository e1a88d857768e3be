/// A cell in eight bytes: canvases are compared cell by cell on every frame.
package struct PackedCell: Equatable, Sendable {
    /// The scalar, or ``clusterBase`` plus an index into the canvas' clusters.
    package var glyph: UInt32
    /// The index of the style in the canvas' table.
    package var style: UInt16
    /// Columns; 0 is the right half of a wide glyph.
    package var width: UInt16

    /// The first value that is no scalar.
    package static let clusterBase: UInt32 = 0x110000

    static func blank(_ style: UInt16) -> PackedCell { PackedCell(glyph: 0x20, style: style, width: 1) }
}
