import Glibc
import Lifecycle

/// An end of the program that is not its normal one: a message for standard error, and an exit code or a signal.
struct ProgramExit: Error {
    /// What to say; `nil` where everything has been said.
    var message: String?
    /// The exit code.
    var code: Int32
    /// The signal to end by, where the program was asked to end by one.
    var signal: Int32?

    /// An error in how the program was called.
    static func usage(_ message: String, advice: String? = nil) -> ProgramExit {
        ProgramExit(message: message + (advice.map { "\n  \($0)" } ?? ""), code: Lifecycle.ExitCode.usage)
    }

    /// A failure of the lifecycle that no report has told.
    static func failure(_ failure: BuildFailure) -> ProgramExit {
        ProgramExit(
            message: failure.message + (failure.advice.map { "\n  \($0)" } ?? ""), code: failure.exitCode)
    }

    /// Ends the program.
    func leave() -> Never {
        if let message { StandardError.write("mixpack: \(message)") }
        if let number = signal {
            Glibc.signal(number, SIG_DFL)
            raise(number)
        }
        Glibc.exit(code)
    }
}

/// The program's standard error.
enum StandardError {
    /// Writes a line, without the values that the command line gave.
    static func write(_ text: String) {
        let line = CommandLineMask.own.masked(text)
        let bytes = Array((line.hasSuffix("\n") ? line : line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
