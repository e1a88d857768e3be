/// Lines to look at, of which there may be millions: a view asks only for those that show.
///
/// Lines keep their numbers when older ones are dropped, so a view stays where it is.
package protocol LogSource {
    /// The numbers of the lines that there are.
    var lines: Range<Int> { get }
    /// A line by its number, in the form it is shown.
    func line(_ number: Int) -> StyledLine
}

extension LogSource {
    /// The text of a line, without styles, that is searched.
    package func text(_ number: Int) -> String { line(number).text }
}

/// A row of a log on a screen: a line, and which of the rows it is wrapped into, from 0.
package struct LogPosition: Hashable, Sendable, Comparable {
    package var line: Int
    package var row: Int

    package init(line: Int, row: Int = 0) {
        self.line = line
        self.row = row
    }

    package static func < (left: LogPosition, right: LogPosition) -> Bool {
        (left.line, left.row) < (right.line, right.row)
    }
}
