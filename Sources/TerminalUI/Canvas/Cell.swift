/// One cell of a canvas, as it is read back.
package struct Cell: Hashable, Sendable {
    /// One grapheme; empty in the right half of a wide one.
    package let text: String
    /// Columns: 1 or 2; 0 for the right half of a wide one.
    package let width: Int
    /// How it looks.
    package let style: Style
}
