import Diagnostics
import Glibc
import Subprocess

/// Runs programs that take the terminal over: a container's shell, a remote console.
///
/// The program shares mixpack's process group and standard streams. Ctrl-C and Ctrl-\ are its own while it runs.
package struct TerminalCommandRunner: Sendable {
    package init() {}

    /// Hands the terminal over and waits for the program's end.
    ///
    /// Sandboxes are not carried out here. A non-zero exit is a result, not an error.
    /// - Throws: `Failure` when the program cannot be started.
    package func runInteractive(_ command: Command) async throws -> Termination {
        let program = try ProgramLookup.program(of: command)
        let interrupts = [SIGINT, SIGQUIT].map { ($0, Self.ignore($0)) }
        defer { for (signal, action) in interrupts { Self.restore(signal, action) } }
        do {
            let result = try await Subprocess.run(
                .path(program), arguments: Arguments(command.arguments),
                environment: .custom(command.environment.entries), workingDirectory: command.workingDirectory,
                input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
            return Termination(result.terminationStatus)
        } catch {
            throw Failure(executable: command.executable.string, reason: "\(error)")
        }
    }

    private static func ignore(_ signal: Int32) -> sigaction {
        var ignoring = sigaction()
        ignoring.__sigaction_handler.sa_handler = SIG_IGN
        var before = sigaction()
        sigaction(signal, &ignoring, &before)
        return before
    }

    private static func restore(_ signal: Int32, _ action: sigaction) {
        var action = action
        sigaction(signal, &action, nil)
    }
}
