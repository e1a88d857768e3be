import Commands
import Console
import Diagnostics
import Synchronization
import SystemPackage

extension Wiring {
    /// The command of the engine that answers.
    func engineCommand() async throws -> EngineCommand {
        switch await engine() {
        case .answers(let engine): return EngineCommand(words: engine.command, wiring: self)
        case .silent(let silence): throw silence.failure.coded(.refused)
        }
    }
}

/// The command of an engine that answers.
struct EngineCommand: Sendable {
    /// The first words of each command for it.
    let words: [String]
    let wiring: Wiring

    var name: String { FilePath(words[0]).lastComponent?.string ?? words[0] }

    /// The running containers of an image, newest first; none where the engine does not have it.
    func containers(of image: String) async throws -> [String] {
        // Podman knows the image by a longer name than the one that was given: only the bare ID is the same everywhere.
        guard
            let id = try? await lines(["image", "inspect", "--format", "{{.Id}}", image]).first,
            let digits = id.split(separator: ":").last
        else { return [] }
        return try await lines(["ps", "--quiet", "--filter", "ancestor=\(digits)"])
    }

    /// The lines that a command prints.
    /// - Throws: `Failure` with the first of them if the command fails.
    func lines(_ arguments: [String]) async throws -> [String] {
        let (end, text) = try await run(arguments)
        guard end.isSuccess else {
            throw Failure(
                .refused, "\(name) \(arguments.first ?? "") failed: \(text.split(separator: "\n").first ?? "")")
        }
        return text.split(separator: "\n").map(String.init)
    }

    /// Runs a command to its end; the variables are given to it, for options that name them.
    func run(
        _ arguments: [String], _ variables: [String: SecretValue] = [:]
    ) async throws -> (end: Termination, text: String) {
        let printed = Mutex("")
        let end = try await wiring.runner.run(command(arguments, variables)) { output in
            printed.withLock { $0 += output.text }
        }
        return (end, printed.withLock { $0 })
    }

    /// Runs a command and hands over what it prints; it waits to write while too much of that was not taken.
    func stream(
        _ arguments: [String], _ variables: [String: SecretValue] = [:], take: @Sendable (String) async -> Void
    ) async throws -> Termination {
        let (chunks, giver) = AsyncStream.makeStream(of: String.self)
        let waiting = Mutex(0)
        let runner = wiring.runner
        let command = command(arguments, variables)
        let work = Task {
            defer { giver.finish() }
            return try await runner.run(
                command,
                pace: {
                    while waiting.withLock({ $0 > Self.mostWaiting }) {
                        try? await Task.sleep(for: .milliseconds(10))
                    }
                },
                onOutput: { output in
                    waiting.withLock { $0 += 1 }
                    giver.yield(output.text)
                })
        }
        return try await withTaskCancellationHandler {
            for await chunk in chunks {
                await take(chunk)
                waiting.withLock { $0 -= 1 }
            }
            // What was not taken holds the command up no longer.
            waiting.withLock { $0 = .min / 2 }
            return try await work.value
        } onCancel: {
            work.cancel()
        }
    }

    /// Chunks of at most 64 KB that may wait.
    private static let mostWaiting = 32

    private func command(_ arguments: [String], _ variables: [String: SecretValue]) -> Command {
        var environment = wiring.machine.environment
        for (name, value) in variables { value.withValue { environment[name] = $0 } }
        return Command(
            FilePath(words[0]), Array(words.dropFirst()) + arguments, environment: environment,
            workingDirectory: wiring.machine.currentDirectory)
    }
}
