/// A failure with images: reading, checking or writing them.
public struct ImageError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable, Hashable, Codable {
        /// The bytes or the text are not what they should be.
        case malformed
        /// The content does not have the digest it is named by.
        case digestMismatch
        /// There is no such image or blob.
        case notFound
        /// A size, count or depth is over the limit.
        case overLimit
        /// The place cannot be read or written.
        case inputOutput
        /// The server or engine refused or did not answer.
        case transport
        /// It is well-formed, but this program does not do it.
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
