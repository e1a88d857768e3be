extension Rect {
    /// The rectangle without `columns` at the left and right and `rows` at the top and bottom.
    package func inset(columns: Int = 1, rows: Int = 1) -> Rect {
        Rect(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
    }

    /// One row of the rectangle, counted from its top; an empty rectangle if there is no such row.
    package func row(_ index: Int) -> Rect {
        Rect(x: x, y: y + index, width: width, height: 1).intersection(self)
    }

    /// The rectangle cut into its upper `rows` rows and the rest.
    package func split(top rows: Int) -> (top: Rect, rest: Rect) {
        let cut = min(max(0, rows), height)
        return (
            Rect(x: x, y: y, width: width, height: cut), Rect(x: x, y: y + cut, width: width, height: height - cut)
        )
    }

    /// The rectangle cut into its lower `rows` rows and the rest.
    package func split(bottom rows: Int) -> (rest: Rect, bottom: Rect) {
        let parts = split(top: height - min(max(0, rows), height))
        return (parts.top, parts.rest)
    }

    /// The rectangle cut into its left `columns` columns and the rest.
    package func split(left columns: Int) -> (left: Rect, rest: Rect) {
        let cut = min(max(0, columns), width)
        return (
            Rect(x: x, y: y, width: cut, height: height), Rect(x: x + cut, y: y, width: width - cut, height: height)
        )
    }

    /// The rectangle cut into its right `columns` columns and the rest.
    package func split(right columns: Int) -> (rest: Rect, right: Rect) {
        let parts = split(left: width - min(max(0, columns), width))
        return (parts.left, parts.rest)
    }

    /// A rectangle of at most `size` in the middle of this one; never larger than this one.
    package func centered(_ size: Size) -> Rect {
        let width = min(size.width, self.width)
        let height = min(size.height, self.height)
        return Rect(x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
    }
}
