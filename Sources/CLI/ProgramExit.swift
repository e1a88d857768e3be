import Diagnostics
import FoundationEssentials
import Glibc
import Lifecycle
import Reports
import Text

/// An end of the program that needs no words: everything has been said, or a signal asked for it.
struct ProgramExit: Error {
    /// The exit code.
    var code: Int32
    /// The signal to end by, where the program was asked to end by one.
    var signal: Int32?

    /// Ends the program.
    func leave() -> Never {
        if let number = signal { Self.end(by: number) }
        Glibc.exit(code)
    }

    /// Ends the program by a signal, so that a shell sees 128 and its number.
    ///
    /// Threads of tasks and queues have signals blocked: there, a signal that is only raised waits for ever.
    static func end(by number: Int32) {
        Glibc.signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
    }
}

extension Failure {
    /// Ends the program: says what failed and what to try on standard error.
    func leave() -> Never {
        let what = (place.map { "\($0): " } ?? "") + message
        let text = "mixpack: \(what)" + (advice.map { "\n  \($0)" } ?? "")
        StandardError.tell(text, at: place)
        Glibc.exit(Lifecycle.ExitCode.code(for: self))
    }
}

/// The program's standard error.
enum StandardError {
    /// Writes an error that ends the program.
    ///
    /// It may be in words of a project, or of who named a branch, which are no commands to the runner of a workflow.
    static func tell(_ text: String, at place: Place? = nil) {
        let isWorkflow = Machine.isWorkflow(ProcessInfo.processInfo.environment)
        write(isWorkflow ? WorkflowFence().failure(text, at: place?.file, line: place?.line) : text)
    }

    /// Writes a line, without the values that the command line gave.
    static func write(_ text: String) {
        let line = TerminalText.harmless(CommandLineMask.own.masked(text))
        let bytes = Array((line.hasSuffix("\n") ? line : line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
