import Commands
import MixInspection
import SystemPackage
import TestSupport

@testable import Toolchains

/// A project of Fixtures/.
func fixture(_ name: String, testFile: String = #filePath) -> FilePath {
    FilePath(testFile).removingLastComponent().appending("Fixtures/\(name)")
}

/// A project of samples/.
func sample(_ name: String) throws -> FilePath {
    try repositoryFolder().appending("samples/\(name)")
}

/// Inspections with the installed Elixir, each with an empty cache; the helper is compiled once for all of them.
enum Inspecting {
    static let gate = Gate(2)
    private static let helperFolder: Result<FilePath, any Error> = Result { try makeTemporaryFolder() }

    static func inspector(
        cache: FilePath, runner: any CommandRunner = SubprocessCommandRunner(), timeoutSeconds: Int = 20,
        variables: [String: String] = [:], secrets: [String: String] = [:], machine: [String: String] = [:],
        confinement: Confinement = .sandbox, opened: [FilePath] = [], context: FilePath? = nil,
        shared: FilePath? = nil
    ) throws -> MixInspector {
        let environment = ["PATH": ProgramLookup.systemPath, "HOME": cache.string].merging(machine) { $1 }
        return MixInspector(
            toolchain: try Toolchain.discover(environment: environment), runner: runner, cacheDirectory: cache,
            helperDirectory: try helperFolder.get(), sharedDirectory: shared, environment: environment,
            variables: variables,
            secrets: secrets, confinement: confinement, openedPaths: opened, context: context,
            timeoutSeconds: timeoutSeconds)
    }

    static func inspect(_ project: FilePath, timeoutSeconds: Int = 20) async throws -> MixProject {
        try await withTemporaryFolder { folder in
            try await inspector(cache: folder.appending("cache"), timeoutSeconds: timeoutSeconds).inspectInTurn(project)
        }
    }
}

extension MixInspector {
    /// Inspects when it is this test's turn: a VM that waits for a processor would count as one that is stuck.
    func inspectInTurn(_ project: FilePath) async throws -> MixProject {
        try await Inspecting.gate.pass { try await inspect(project) }
    }
}

/// Counts the evaluations that are started.
final class CountingRunner: CommandRunner {
    private let inner = SubprocessCommandRunner()
    private let counter = Counter()

    var count: Int { counter.value }

    func sandboxStatus() async -> SandboxStatus { await inner.sandboxStatus() }

    func run(
        _ command: Command, onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination {
        if command.arguments.contains(where: { $0.contains("mixpack_inspection") && !$0.contains("/") }) {
            counter.increment()
        }
        return try await inner.run(command, onOutput: onOutput)
    }
}
