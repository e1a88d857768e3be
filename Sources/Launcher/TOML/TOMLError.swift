/// A TOML file that cannot be read, or that does not say what it should.
package struct TOMLError: Error {
    /// The file, as it was named to the reader.
    package var fileName: String
    /// Where in the file.
    package var position: TOMLPosition
    /// What is wrong, in one lower-case line, without the place.
    package var message: String

    /// `FILE:LINE:COLUMN: MESSAGE`.
    package var description: String {
        position == .none
            ? "\(fileName): \(message)" : "\(fileName):\(position.line):\(position.column): \(message)"
    }
}
