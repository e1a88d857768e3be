/// A cell's place on the screen: columns from the left and rows from the top, from 0.
package struct Point: Hashable, Sendable {
    /// Columns from the left edge.
    package var x: Int
    /// Rows from the top edge.
    package var y: Int

    /// The point `x` columns right of and `y` rows below the top left corner.
    package init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }

    /// The top left corner.
    package static let zero = Point(x: 0, y: 0)
}
