/// A row of a log on a screen: a line, and which of the rows it is wrapped into, from 0.
package struct LogPosition: Hashable, Sendable, Comparable {
    /// The line's number.
    package var line: Int
    /// The row of the line.
    package var row: Int

    /// A position.
    package init(line: Int, row: Int = 0) {
        self.line = line
        self.row = row
    }

    /// Whether `left` is further up.
    package static func < (left: LogPosition, right: LogPosition) -> Bool {
        (left.line, left.row) < (right.line, right.row)
    }
}
