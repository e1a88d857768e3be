/// A TOML file that cannot be read, or that says something else than what is asked of it.
public struct TOMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, as it was named to the reader.
    public var fileName: String
    /// Where in the file.
    public var position: TOMLPosition
    /// What is wrong, in one lower-case line, without the place.
    public var message: String

    /// Creates an error.
    public init(fileName: String, position: TOMLPosition, message: String) {
        self.fileName = fileName
        self.position = position
        self.message = message
    }

    /// `FILE:LINE:COLUMN: MESSAGE`.
    public var description: String {
        position == .none
            ? "\(fileName): \(message)" : "\(fileName):\(position.line):\(position.column): \(message)"
    }
}
