/// A failure with run images: making one, or checking a release against one.
public struct RunImageError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable, Hashable {
        /// A file of the machine that a run image cannot do without is not there.
        case missing
        /// A file is no ELF file, or a broken one.
        case malformed
        /// A file cannot be read.
        case unreadable
    }

    /// What kind of failure it is.
    public var code: Code
    /// What failed, naming the file, in one lower-case line.
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
