/// A TOML file that cannot be read, or that does not say what it should.
public struct TOMLError: Error {
    /// The file, as it was named to the reader.
    public var fileName: String
    /// Where in the file.
    public var position: TOMLPosition
    /// What is wrong, in one lower-case line, without the place.
    public var message: String

    /// `FILE:LINE:COLUMN: MESSAGE`.
    public var description: String {
        position == .none
            ? "\(fileName): \(message)" : "\(fileName):\(position.line):\(position.column): \(message)"
    }
}
