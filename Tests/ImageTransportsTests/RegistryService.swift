import Glibc
import ImageTransports
import SystemPackage
import TestSupport

/// A docker-registry of its own on a free port of 127.0.0.1.
final class RegistryService: Sendable {
    /// `127.0.0.1:PORT`.
    let host: String
    let port: UInt16
    private let program: RunningProgram

    /// Starts it; with `htpasswd` it asks for a user and a password.
    init(in folder: FilePath, htpasswd: String? = nil) async throws {
        port = try TCPSocket.freePort()
        host = "127.0.0.1:\(port)"
        var config = """
            version: 0.1
            log: {level: error}
            storage:
              filesystem: {rootdirectory: "\(folder)/registry"}
            http: {addr: "\(host)"}

            """
        if let htpasswd {
            let file = folder.appending("htpasswd")
            try file.write(htpasswd)
            config += "auth:\n  htpasswd: {realm: test, path: \"\(file)\"}\n"
        }
        let file = folder.appending("registry.yml")
        try file.write(config)
        program = try RunningProgram(try findTool("docker-registry"), ["serve", file.string])
        for _ in 0..<600 {
            if let socket = try? TCPSocket.connect(port) {
                close(socket)
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestSupportError("docker-registry does not answer: \(program.errorOutput)")
    }

    /// Ends it.
    func stop() async throws {
        program.sendToGroup(SIGTERM)
        _ = try await program.end(within: .seconds(20))
    }
}

/// Runs `body` with a registry of its own.
func withRegistry(
    htpasswd: String? = nil, _ body: (RegistryService, FilePath) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let service = try await RegistryService(in: folder, htpasswd: htpasswd)
        do {
            try await body(service, folder)
        } catch {
            try await service.stop()
            throw error
        }
        try await service.stop()
    }
}
