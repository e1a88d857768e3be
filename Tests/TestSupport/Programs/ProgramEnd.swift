/// How a program that a test ran ended, and what it wrote.
public struct ProgramEnd: Sendable, CustomStringConvertible {
    /// The exit status; 128 and the signal's number for one ended by a signal.
    public var status: Int32
    /// The signal that ended it, where one did.
    public var signal: Int32?
    /// What it wrote to standard output.
    public var output: String
    /// What it wrote to standard error.
    public var errorOutput: String
    /// Its seconds.
    public var seconds: Double

    /// Everything, for a failing test's message.
    public var description: String {
        "status \(status) after \(seconds) s\n--- output\n\(output)\n--- error output\n\(errorOutput)"
    }

    /// The output's lines, without empty ones at the end.
    public var lines: [String] {
        output.split(separator: "\n").map(String.init)
    }

    /// Itself, if it ended with status 0.
    /// - Throws: `TestSupportError` with everything it wrote.
    public func succeeded() throws -> ProgramEnd {
        guard status == 0 else { throw TestSupportError("the program failed: \(self)") }
        return self
    }
}
