/// A failure to write or read what a build told.
public struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable, Hashable {
        /// The file is not what it should be.
        case malformed
        /// The file cannot be read.
        case unreadable
        /// The file cannot be written.
        case unwritable
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
