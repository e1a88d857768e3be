/// A row of a log on a screen: a line, and which of the rows it is wrapped into, from 0.
public struct LogPosition: Hashable, Sendable, Comparable {
    /// The line's number.
    public var line: Int
    /// The row of the line.
    public var row: Int

    /// A position.
    public init(line: Int, row: Int = 0) {
        self.line = line
        self.row = row
    }

    /// Whether `left` is further up.
    public static func < (left: LogPosition, right: LogPosition) -> Bool {
        (left.line, left.row) < (right.line, right.row)
    }
}
