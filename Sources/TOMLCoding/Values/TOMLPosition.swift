/// A place in a TOML file.
package struct TOMLPosition: Sendable, Hashable {
    /// The line, from 1; 0 for a value that was not read from a file.
    package var line: Int
    /// The column in Unicode scalars, from 1; 0 for a value that was not read from a file.
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of a value that was not read from a file.
    package static let none = TOMLPosition(line: 0, column: 0)
}
