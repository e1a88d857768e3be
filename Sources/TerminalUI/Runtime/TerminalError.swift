/// Why there is no terminal to draw on; the caller goes on with plain output.
public struct TerminalError: Error, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: Hashable, Sendable {
        /// Neither standard input nor /dev/tty is a terminal.
        case notATerminal
        /// No description of the terminal named in TERM can be found.
        case unknownTerminal
        /// The terminal cannot move the cursor or clear the screen.
        case tooSimple
        /// The system refused something.
        case system
    }

    /// The kind.
    public let code: Code
    /// What went wrong, in a line.
    public let message: String
    /// What to try; empty if there is nothing.
    public let advice: String

    /// An error with what to try.
    public init(_ code: Code, _ message: String, advice: String = "") {
        self.code = code
        self.message = message
        self.advice = advice
    }

    /// The message, and what to try.
    public var description: String { advice.isEmpty ? message : "\(message): \(advice)" }
}
