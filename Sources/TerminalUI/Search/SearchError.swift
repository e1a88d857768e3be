/// Why a pattern cannot be searched for.
public struct SearchError: Error, Hashable, CustomStringConvertible {
    /// What is wrong with it.
    public let message: String

    /// The message.
    public var description: String { message }
}
