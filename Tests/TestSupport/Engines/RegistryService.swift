import Glibc
public import SystemPackage

/// A docker-registry of its own on a free port of 127.0.0.1.
public final class RegistryService: Sendable {
    /// What the registry asks of those who come.
    public struct Access: Sendable {
        /// The lines of an htpasswd file; `nil` takes everybody.
        public var htpasswd: String?
        /// More of the registry's configuration, below `auth:`; `nil` for none.
        public var auth: String?
        /// The certificate and the key of TLS; `nil` speaks plain HTTP.
        public var tls: (certificate: FilePath, key: FilePath)?
        /// What it calls itself in the addresses that it gives, `HOST` for its own; `nil` follows the request.
        public var address: String?

        /// By default everybody, in plain HTTP.
        public init(
            htpasswd: String? = nil, auth: String? = nil, tls: (certificate: FilePath, key: FilePath)? = nil,
            address: String? = nil
        ) {
            self.htpasswd = htpasswd
            self.auth = auth
            self.tls = tls
            self.address = address
        }
    }

    /// `127.0.0.1:PORT`.
    public let host: String
    /// The port.
    public let port: UInt16
    private let program: RunningProgram

    /// Starts it with its storage below a folder.
    /// - Throws: `TestSupportError` when docker-registry is not installed, or does not answer.
    public init(in folder: FilePath, access: Access = Access()) async throws {
        port = try TCPSocket.freePort()
        host = "127.0.0.1:\(port)"
        let file = folder.appending("registry.yml")
        try file.write(try Self.configuration(host, folder, access))
        program = try RunningProgram(try findTool("docker-registry"), ["serve", file.string])
        try await eventually("an answer of docker-registry: \(program.errorOutput)", within: .seconds(30)) {
            guard let socket = try? TCPSocket.connect(port) else { return false }
            close(socket)
            return true
        }
    }

    private static func configuration(_ host: String, _ folder: FilePath, _ access: Access) throws -> String {
        var text = """
            version: 0.1
            log: {level: error}
            storage:
              filesystem: {rootdirectory: "\(folder)/registry"}

            """
        let tls = access.tls.map { ", tls: {certificate: \"\($0.certificate)\", key: \"\($0.key)\"}" } ?? ""
        let address = access.address.map { ", host: \"\($0.replacing("HOST", with: host))\"" } ?? ""
        text += "http: {addr: \"\(host)\"\(address)\(tls)}\n"
        if let htpasswd = access.htpasswd {
            let file = folder.appending("htpasswd")
            try file.write(htpasswd)
            text += "auth:\n  htpasswd: {realm: test, path: \"\(file)\"}\n"
        }
        if let auth = access.auth { text += "auth:\n  \(auth)\n" }
        return text
    }

    /// Ends it.
    public func stop() async throws {
        program.sendToGroup(SIGTERM)
        _ = try await program.end(within: .seconds(20))
    }
}

/// Runs `body` with a registry of its own.
public func withRegistry<Result>(
    access: RegistryService.Access = RegistryService.Access(),
    _ body: (RegistryService, FilePath) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let service = try await RegistryService(in: folder, access: access)
        do {
            let result = try await body(service, folder)
            try await service.stop()
            return result
        } catch {
            try await service.stop()
            throw error
        }
    }
}
