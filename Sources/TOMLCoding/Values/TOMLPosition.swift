/// A place in a TOML file.
public struct TOMLPosition: Sendable, Hashable {
    /// The line, from 1; 0 for a value that was not read from a file.
    public var line: Int
    /// The column in Unicode scalars, from 1; 0 for a value that was not read from a file.
    public var column: Int

    /// Creates a position.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of a value that was not read from a file.
    public static let none = TOMLPosition(line: 0, column: 0)
}
