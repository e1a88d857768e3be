import Glibc
import ImageTransports
import SystemPackage
import TestSupport

/// A podman of its own, with its own images, that answers Docker's API on a socket.
final class PodmanService: Sendable {
    let endpoint: EngineEndpoint
    private let program: RunningProgram

    /// Starts it with everything it writes below a folder, on a socket or on a port of this machine.
    init(in folder: FilePath, onPort: Bool = false) async throws {
        endpoint =
            onPort ? .network("127.0.0.1:\(try TCPSocket.freePort())") : .socket(folder.appending("podman.sock"))
        program = try RunningProgram(
            try findTool("podman"),
            [
                "--root", folder.appending("root").string, "--runroot", folder.appending("run").string,
                "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "system", "service", "--time=0",
                endpoint.description,
            ])
        let engine = ContainerEngine(endpoint)
        for _ in 0..<600 {
            if (try? await engine.version()) != nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestSupportError("podman does not answer: \(program.errorOutput)")
    }

    /// Ends it.
    func stop() async throws {
        program.sendToGroup(SIGTERM)
        _ = try await program.end(within: .seconds(20))
    }
}

/// Runs `body` with a podman of its own.
func withPodman(onPort: Bool = false, _ body: (ContainerEngine, FilePath) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
        let service = try await PodmanService(in: folder, onPort: onPort)
        do {
            try await body(ContainerEngine(service.endpoint), folder)
        } catch {
            try await service.stop()
            throw error
        }
        try await service.stop()
    }
}

extension EngineSearch {
    /// A search on a machine where `DOCKER_HOST` names an engine.
    static func only(_ endpoint: EngineEndpoint) -> EngineSearch {
        let environment = ["DOCKER_HOST": endpoint.description]
        return EngineSearch(EngineCandidates(environment: environment, user: 0) { _ in nil }) { _ in true }
    }
}
