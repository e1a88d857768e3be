/// What is wrong with a table of keys, or with a settings file about keys.
public struct KeyMapError: Error, Hashable, CustomStringConvertible {
    /// The file and line, or what the table is called; empty for the built-in table.
    public let place: String
    /// What is wrong.
    public let message: String

    /// An error at a place.
    public init(place: String = "", message: String) {
        self.place = place
        self.message = message
    }

    /// The place and what is wrong there.
    public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
