/// The extent of a screen or of a part of it, in cells.
///
/// Never negative.
package struct Size: Hashable, Sendable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int

    /// A size in cells; a negative extent counts as 0.
    package init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// No cells at all.
    package static let zero = Size(width: 0, height: 0)
}

extension Size: CustomStringConvertible {
    /// The size as people write it: `80x24`.
    package var description: String { "\(width)x\(height)" }
}
