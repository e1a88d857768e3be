import Diagnostics

/// Runs programs: the one door through which mixpack starts anything.
///
/// Standard input is closed, the program leads its own process group, and its output arrives in chunks of whole
/// lines. When the surrounding task is cancelled, the whole group gets TERM, then KILL, before `run` returns; what a
/// program leaves behind in its group when it ends by itself is killed too.
package protocol CommandRunner: Sendable {
    /// Runs a program to its end and hands its output on as it comes.
    ///
    /// A non-zero exit is a result, not an error.
    /// - Throws: `Failure` when the program cannot be started (also when it asks for a sandbox and there is none),
    ///   `CancellationError` when the task is cancelled.
    func run(
        _ command: Command, onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination

    /// Whether commands can be given a sandbox. Ask first: a caller without one uses the machine's own paths.
    func sandboxStatus() async -> SandboxStatus
}

/// A chunk of what a program wrote: whole lines, at most 64 KB or 30 ms of them.
package struct CommandOutput: Sendable, Hashable {
    /// Which of the program's two output streams it came from.
    package enum Stream: String, Sendable, Hashable, Codable {
        case stdout, stderr
    }

    /// The stream it was written to; a runner that merges both, to keep their order, says `stdout`.
    package var stream: Stream
    /// The text, invalid UTF-8 repaired; ends in a newline except at the very end of the output.
    package var text: String
}

/// How a program ended.
package enum Termination: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)

    package var isSuccess: Bool { self == .exited(0) }

    /// The status as shells count it: 128 and the signal's number for a program that a signal ended.
    package var status: Int32 {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        }
    }
}

extension Failure {
    /// A program that cannot be started: why, and what to try.
    package init(executable: String, reason: String) {
        self.init(.notRunnable, "cannot run \(executable): \(reason)")
    }
}

/// Whether commands can be given a sandbox on this machine and, if not, why and what to do.
package enum SandboxStatus: Sendable, Hashable {
    /// bubblewrap works.
    case available
    /// There is no sandbox: why, in one line, and what to do about it.
    case unavailable(reason: String, advice: String)

    /// Whether commands can be given a sandbox.
    package var isAvailable: Bool { self == .available }
}
