/// A rectangle of cells.
///
/// Its extents are never negative.
package struct Rect: Hashable, Sendable {
    /// The top left cell.
    package let origin: Point
    /// Columns and rows.
    package let size: Size

    /// The rectangle of `size` whose top left cell is `origin`.
    package init(origin: Point = .zero, size: Size) {
        self.origin = origin
        self.size = size
    }

    /// The rectangle at column `x` and row `y`; a negative extent counts as 0.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.init(origin: Point(x: x, y: y), size: Size(width: width, height: height))
    }

    /// No cells at all.
    package static let zero = Rect(size: .zero)

    /// The leftmost column.
    package var x: Int { origin.x }
    /// The top row.
    package var y: Int { origin.y }
    /// Columns.
    package var width: Int { size.width }
    /// Rows.
    package var height: Int { size.height }
    /// The first column to the right of the rectangle.
    package var maxX: Int { x + width }
    /// The first row below the rectangle.
    package var maxY: Int { y + height }
    /// Whether no cell is inside.
    package var isEmpty: Bool { width == 0 || height == 0 }

    /// Whether `point` is one of the cells.
    package func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    /// The cells that are in both rectangles.
    package func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }
}
