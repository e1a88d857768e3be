/// A failure to read or write an archive, or the files that go into it.
public struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable, Hashable {
        /// The bytes are no archive, or a broken one.
        case malformed
        /// A file cannot be read.
        case unreadable
        /// A file cannot be written.
        case unwritable
        /// A file changed while it was read.
        case changed
        /// A count, length or size is over the limit.
        case overLimit
        /// The value has no place in the format.
        case unsupported
    }

    /// What kind of failure it is.
    public var code: Code
    /// What failed, naming the thing, in one lower-case line.
    public var message: String
    /// What to try.
    public var advice: String?

    /// Creates an error; by default without advice.
    public init(_ code: Code, _ message: String, advice: String? = nil) {
        self.code = code
        self.message = message
        self.advice = advice
    }

    /// The message and the advice.
    public var description: String { advice.map { "\(message); \($0)" } ?? message }
}
