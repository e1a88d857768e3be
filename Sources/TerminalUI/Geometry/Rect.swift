/// A rectangle of cells.
///
/// Its extents are never negative.
public struct Rect: Hashable, Sendable {
    /// The top left cell.
    public let origin: Point
    /// Columns and rows.
    public let size: Size

    /// The rectangle of `size` whose top left cell is `origin`.
    public init(origin: Point = .zero, size: Size) {
        self.origin = origin
        self.size = size
    }

    /// The rectangle at column `x` and row `y`; a negative extent counts as 0.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.init(origin: Point(x: x, y: y), size: Size(width: width, height: height))
    }

    /// No cells at all.
    public static let zero = Rect(size: .zero)

    /// The leftmost column.
    public var x: Int { origin.x }
    /// The top row.
    public var y: Int { origin.y }
    /// Columns.
    public var width: Int { size.width }
    /// Rows.
    public var height: Int { size.height }
    /// The first column to the right of the rectangle.
    public var maxX: Int { x + width }
    /// The first row below the rectangle.
    public var maxY: Int { y + height }
    /// Whether no cell is inside.
    public var isEmpty: Bool { width == 0 || height == 0 }

    /// Whether `point` is one of the cells.
    public func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    /// The cells that are in both rectangles.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }
}
