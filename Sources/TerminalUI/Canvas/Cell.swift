/// One cell of a canvas, as it is read back.
public struct Cell: Hashable, Sendable {
    /// One grapheme; empty in the right half of a wide one.
    public let text: String
    /// Columns: 1 or 2; 0 for the right half of a wide one.
    public let width: Int
    /// How it looks.
    public let style: Style
}
