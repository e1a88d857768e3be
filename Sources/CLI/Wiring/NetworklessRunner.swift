import Commands

/// Runs commands as another runner does, each sandbox without the network (`--network none`).
struct NetworklessRunner: CommandRunner {
    let runner: any CommandRunner

    func run(
        _ command: Command, onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination {
        var command = command
        command.sandbox?.hasNetwork = false
        return try await runner.run(command, onOutput: onOutput)
    }

    func sandboxStatus() async -> SandboxStatus { await runner.sandboxStatus() }
}
