import Commands
import Console
import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

extension ContainersClient {
    static func live(_ containers: EngineContainers) -> ContainersClient {
        var client = ContainersClient()
        client.runCommand = { try await containers.runCommand(image: $0, ports: $1, variables: $2) }
        client.remoteCommand = { try await containers.remoteCommand(image: $0, program: $1) }
        client.stop = { try await containers.stop(image: $0) }
        return client
    }
}

/// Runs, reaches and stops containers through the command of the engine that answers.
struct EngineContainers: Sendable {
    let wiring: Wiring

    /// The command that runs an image and takes the terminal; variables are named, their values come by environment.
    func runCommand(image: String, ports: [Int], variables: [String]) async throws -> [String] {
        let published = ports.flatMap { ["-p", "\($0):\($0)"] }
        return try await wiring.engineCommand().words + ["run", "-it", "--rm"] + published
            + variables.flatMap { ["-e", $0] } + [image]
    }

    /// The command that opens a shell on the node of a running container.
    func remoteCommand(image: String, program: String?) async throws -> [String] {
        let engine = try await wiring.engineCommand()
        let running = try await engine.containers(of: image)
        guard let container = running.first else {
            throw Failure(.refused, "no container of \(image) is running", advice: "run it first")
        }
        guard let program else {
            throw Failure(
                .refused,
                "\(image) does not say which program opens a remote shell",
                advice: "images that mixpack built say it: build it again")
        }
        return engine.words + ["exec", "-it", container, program, "remote"]
    }

    /// Stops the running containers of an image, and tells which.
    func stop(image: String) async throws -> String {
        let engine = try await wiring.engineCommand()
        let running = try await engine.containers(of: image)
        guard !running.isEmpty else {
            throw Failure(.refused, "no container of \(image) is running", advice: "run it first: r")
        }
        // The time is said because Podman takes none at all for what Docker's command leaves out.
        _ = try await engine.lines(["stop", "-t", "10"] + running)
        return "stopped \(running.joined(separator: ", "))"
    }
}
