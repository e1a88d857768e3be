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
        return client
    }
}

/// Runs containers through the command of the engine that answers.
struct EngineContainers: Sendable {
    let wiring: Wiring

    /// The command that runs an image and takes the terminal; variables are named, their values come by environment.
    func runCommand(image: String, ports: [Int], variables: [String]) async throws -> [String] {
        let published = ports.flatMap { ["-p", "\($0):\($0)"] }
        return try await wiring.engineCommand().words + ["run", "-it", "--rm"] + published
            + variables.flatMap { ["-e", $0] } + [image]
    }
}
