/// Which row of a list is chosen, and which is the first that shows.
///
/// Rows count from 0.
///
/// A list does not know how many rows it has or how many show: every move is told, so that a list that grows, shrinks or
/// is resized is never left with a choice outside of it.
package struct ListState: Hashable, Sendable {
    package private(set) var selection: Int
    /// The first row that shows.
    package private(set) var offset: Int

    package init(selection: Int = 0) {
        self.selection = max(0, selection)
        offset = 0
    }

    /// Chooses the row `steps` further down (up if negative), of `count` rows with `height` of them in view.
    package mutating func move(by steps: Int, count: Int, height: Int) {
        select(selection + steps, count: count, height: height)
    }

    /// Chooses `row`, or the nearest there is, and brings it into view.
    package mutating func select(_ row: Int, count: Int, height: Int) {
        selection = max(0, min(row, count - 1))
        fit(count: count, height: height)
    }

    /// Moves the view and leaves the choice, which follows only where it would go out of view: the wheel.
    package mutating func scroll(by rows: Int, count: Int, height: Int) {
        offset = max(0, min(offset + rows, count - height))
        selection = max(offset, min(selection, offset + max(1, height) - 1))
        fit(count: count, height: height)
    }

    /// Brings choice and view back inside a list of `count` rows with `height` in view.
    package mutating func fit(count: Int, height: Int) {
        selection = max(0, min(selection, count - 1))
        offset = shownOffset(count: count, height: height)
    }

    /// The first row to draw so that the choice shows, without changing anything.
    package func shownOffset(count: Int, height: Int) -> Int {
        let height = max(1, height)
        let near = max(selection - height + 1, min(offset, selection))
        return max(0, min(near, count - height))
    }

    /// Where one is: `3 of 7`; `0 of 0` in an empty list.
    package func counter(count: Int) -> String {
        "\(count == 0 ? 0 : min(selection, count - 1) + 1) of \(count)"
    }
}
