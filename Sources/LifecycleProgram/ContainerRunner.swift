import Commands

/// Runs programs in the container as they are: the container is the sandbox.
struct ContainerRunner: CommandRunner {
    private let runner = SubprocessCommandRunner(scopes: nil)

    func run(
        _ command: Command, onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination {
        try await runner.run(command, onOutput: onOutput)
    }

    func sandboxStatus() async -> SandboxStatus {
        .unavailable(reason: "the build's container is the sandbox", advice: "nothing is to be done")
    }
}
