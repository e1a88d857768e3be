/// What is wrong with a table of keys.
public struct KeyMapError: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let message: String
    /// The names of the actions that it is about.
    public let actions: [String]

    /// An error about some actions.
    public init(message: String, actions: [String] = []) {
        self.message = message
        self.actions = actions
    }

    /// The message.
    public var description: String { message }
}
