import TerminalUI

/// One line of the log, as the store keeps it.
public struct LogLine: Sendable {
    /// What wrote the line.
    public enum Kind: UInt8, Sendable, Hashable {
        /// A command's standard output.
        case output
        /// A command's standard error.
        case errorOutput
        /// The lifecycle or a buildpack, for the user to read.
        case notice
        /// A phase's heading.
        case phase
        /// A buildpack's heading.
        case buildpack
        /// A command's heading.
        case command
        /// A warning of the compiler, by its typed event.
        case warning
        /// An error, by its typed event.
        case error
    }

    /// The line's number, from 0, counted from the build's first line.
    public var number: Int
    /// What wrote it.
    public var kind: Kind
    /// Seconds since the build began.
    public var time: Double
    /// The bytes as they came, without the newline.
    public var bytes: ArraySlice<UInt8>
    /// Whether there are escape sequences or carriage returns among the bytes.
    public var hasEscapes: Bool

    /// The text without escape sequences, as a terminal would be left with it.
    public var text: String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard hasEscapes else { return text }
        var parser = OutputParser()
        return parser.parse(text).text
    }
}
