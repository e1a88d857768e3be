/// Something that the console asked for and did not get: what failed, and what to try.
public struct ConsoleFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What failed, in one lower-case line.
    public var message: String
    /// What to try.
    public var advice: String?

    /// Creates a failure; by default without advice.
    public init(_ message: String, advice: String? = nil) {
        self.message = message
        self.advice = advice
    }

    /// Takes any error's description as the message.
    public init(_ error: any Error) {
        if let failure = error as? ConsoleFailure { self = failure } else { self.init("\(error)") }
    }

    /// The message and the advice.
    public var description: String { advice.map { "\(message); \($0)" } ?? message }
}
