/// A stroke that cannot be read.
public struct KeyError: Error, Hashable, CustomStringConvertible {
    /// The text.
    public let text: String
    /// Why not, and what to write instead.
    public let reason: String

    /// The message.
    public var description: String { "no such key: \"\(text)\" (\(reason))" }
}
