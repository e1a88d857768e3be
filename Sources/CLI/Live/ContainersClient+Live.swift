import Commands
import Console
import Diagnostics
import Files
import FoundationEssentials
import Synchronization
import SystemPackage

extension ContainersClient {
    static func live(_ containers: EngineContainers) -> ContainersClient {
        var client = ContainersClient()
        client.runCommand = { try await containers.runCommand(image: $0, ports: $1, variables: $2) }
        client.remoteCommand = { try await containers.remoteCommand(image: $0, program: $1) }
        client.stop = { try await containers.stop(image: $0) }
        client.log = { containers.log(image: $0) }
        return client
    }
}

/// Runs, reaches and stops containers through the command of the engine that answers.
struct EngineContainers: Sendable {
    let wiring: Wiring

    /// The command that runs an image and takes the terminal; variables are named, their values come by environment.
    func runCommand(image: String, ports: [Int], variables: [String]) async throws -> [String] {
        let published = ports.flatMap { ["-p", "\($0):\($0)"] }
        return try await engine() + ["run", "-it", "--rm"] + published + variables.flatMap { ["-e", $0] } + [image]
    }

    /// The command that opens a shell on the node of a running container.
    func remoteCommand(image: String, program: String?) async throws -> [String] {
        let command = try await engine()
        let running = try await containers(of: image, command)
        guard let container = running.first else {
            throw Failure(.refused, "no container of \(image) is running", advice: "run it first")
        }
        guard let program else {
            throw Failure(
                .refused,
                "\(image) does not say which program opens a remote shell",
                advice: "images that mixpack built say it: build it again")
        }
        return command + ["exec", "-it", container, program, "remote"]
    }

    /// Stops the running containers of an image, and tells which.
    func stop(image: String) async throws -> String {
        let command = try await engine()
        let running = try await containers(of: image, command)
        guard !running.isEmpty else {
            throw Failure(.refused, "no container of \(image) is running", advice: "run it first: r")
        }
        // The time is said because Podman takes none at all for what Docker's command leaves out.
        _ = try await lines(command + ["stop", "-t", "10"] + running)
        return "stopped \(running.joined(separator: ", "))"
    }

    /// What the newest container of an image prints, line by line, until it ends; one that has just ended, too.
    func log(image: String) -> AsyncStream<String> {
        AsyncStream { continuation in
            let task = Task {
                defer { continuation.finish() }
                guard let command = try? await engine(),
                    let container = try? await containers(of: image, command, "--all").first
                else { return }
                _ = try? await run(command + ["logs", "-f", container]) { output in
                    output.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(
                        output.text.hasSuffix("\n") ? 1 : 0
                    )
                    .forEach { continuation.yield(String($0)) }
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// The first words of commands for the engine.
    private func engine() async throws -> [String] {
        switch await wiring.engine() {
        case .answers(let engine): return engine.command
        case .silent(let silence): throw silence.failure.coded(.refused)
        }
    }

    /// The running containers of an image, newest first; none where the engine does not have it.
    private func containers(of image: String, _ command: [String], _ options: String...) async throws -> [String] {
        // Podman knows the image by a longer name than the one that was given: only the bare ID is the same everywhere.
        guard
            let id = try? await lines(command + ["image", "inspect", "--format", "{{.Id}}", image]).first,
            let digits = id.split(separator: ":").last
        else { return [] }
        return try await lines(command + ["ps", "--quiet", "--filter", "ancestor=\(digits)"] + options)
    }

    /// The lines that a command prints.
    private func lines(_ words: [String]) async throws -> [String] {
        let printed = Mutex("")
        let end = try await run(words) { output in printed.withLock { $0 += output.text } }
        let text = printed.withLock { $0 }
        guard end.isSuccess else {
            throw Failure(
                .refused,
                "\(words.prefix(2).joined(separator: " ")) failed: \(text.split(separator: "\n").first ?? "")")
        }
        return text.split(separator: "\n").map(String.init)
    }

    private func run(
        _ words: [String], onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination {
        let command = Command(
            FilePath(words[0]), Array(words.dropFirst()), environment: wiring.machine.environment,
            workingDirectory: wiring.machine.currentDirectory)
        return try await wiring.runner.run(command, onOutput: onOutput)
    }
}
