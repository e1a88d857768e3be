/// A TOML file that cannot be read, or that does not say what it should.
package struct TOMLError: Error {
    package var fileName: String
    package var position: TOMLPosition
    /// What is wrong, in one lower-case line, without the place.
    package var message: String

    /// `FILE:LINE:COLUMN: MESSAGE`.
    package var description: String {
        position == .none
            ? "\(fileName): \(message)" : "\(fileName):\(position.line):\(position.column): \(message)"
    }
}
