import Diagnostics
import HTTP
import OCIImage
import SystemPackage

/// Where docker's and podman's own commands would look for their engines, in their order; asks none of them.
///
/// Docker's: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context of its configuration, its socket. Podman's:
/// `CONTAINER_HOST`, `CONTAINER_CONNECTION`, its sockets. What is named stands alone: there is nothing to fall back to.
package struct EngineCandidates: Sendable {
    static let contextVariable = "DOCKER_CONTEXT"
    static let connectionVariable = "CONTAINER_CONNECTION"

    let environment: [String: String]
    let user: UInt32
    let read: @Sendable (FilePath) -> [UInt8]?

    /// Takes what decides.
    /// - Parameters:
    ///   - user: the number of the user, for sockets of their own.
    ///   - read: gives a file's bytes; `nil` where there is none.
    package init(
        environment: [String: String], user: UInt32,
        read: @escaping @Sendable (FilePath) -> [UInt8]? = { try? $0.bytes(limit: 4 << 20) }
    ) {
        self.environment = environment
        self.user = user
        self.read = read
    }

    /// The places, best first.
    /// - Throws: `Failure` that names the variable or the file, where what it says leads nowhere.
    package func list() throws(Failure) -> [EngineCandidate] {
        for find in [dockerHost, dockerContext, containerHost, podmanConnection] {
            if let named = try find() { return [named] }
        }
        return try usual + podmanDefault()
    }

    /// A variable that says something.
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func dockerHost() throws(Failure) -> EngineCandidate? {
        guard let host = variable("DOCKER_HOST") else { return nil }
        return EngineCandidate(try endpoint(host, of: "DOCKER_HOST", tls: variableIdentity), .dockerHost)
    }

    private func containerHost() throws(Failure) -> EngineCandidate? {
        guard let host = variable("CONTAINER_HOST") else { return nil }
        let key = variable("CONTAINER_SSHKEY").map { FilePath($0) }
        return EngineCandidate(try endpoint(host, of: "CONTAINER_HOST").ofPodman(identity: key), .containerHost)
    }

    private func dockerContext() throws(Failure) -> EngineCandidate? {
        guard let contexts = DockerContexts(self), let chosen = try contexts.chosen() else { return nil }
        let (host, tls) = try contexts.endpoint(of: chosen.name, chosenBy: chosen.by)
        let what = "the Docker context \(chosen.name) (\(chosen.by))"
        return EngineCandidate(
            try endpoint(host, of: what, tls: tls), .dockerContext(chosen.name, chosenBy: chosen.by))
    }

    private func podmanConnection() throws(Failure) -> EngineCandidate? {
        guard let name = variable(Self.connectionVariable) else { return nil }
        return try connection(name, chosenBy: Self.connectionVariable)
    }

    private func connection(_ name: String, chosenBy choice: String) throws(Failure) -> EngineCandidate {
        let found = try PodmanConnections(self).connection(name, chosenBy: choice)
        let endpoint = try endpoint(found.address, of: "the Podman connection \(name) (\(choice))")
        return EngineCandidate(
            endpoint.ofPodman(identity: found.identity), .podmanConnection(name, chosenBy: choice))
    }

    /// The default connection is for `podman --remote` alone on Linux, so it comes after all that is on this machine.
    private func podmanDefault() throws(Failure) -> [EngineCandidate] {
        guard let (name, file) = try PodmanConnections(self).byDefault() else { return [] }
        return [try connection(name, chosenBy: "Default in \(file)")]
    }

    var usual: [EngineCandidate] {
        let runtime = variable("XDG_RUNTIME_DIR") ?? "/run/user/\(user)"
        let isRoot = user == 0
        let places: [(String, EngineProgram, isOwn: Bool)] = [
            (EngineEndpoint.dockerSocket, .docker, true), (runtime + "/docker.sock", .docker, false),
            (runtime + "/podman/podman.sock", .podman, !isRoot), ("/run/podman/podman.sock", .podman, isRoot),
        ]
        return places.map { EngineCandidate(.socket(FilePath($0)), .usual($1, isOwn: $2)) }
    }

    /// The address that somebody names; an error names them.
    private func endpoint(
        _ address: String, of name: String, tls: TLSIdentity? = nil
    ) throws(Failure) -> EngineEndpoint {
        do {
            return try EngineEndpoint(address, tls: tls)
        } catch {
            throw error.failing(name)
        }
    }

    /// The identity that goes with `DOCKER_HOST`, where a variable asks for TLS.
    private var variableIdentity: TLSIdentity? {
        let verifies = variable("DOCKER_TLS_VERIFY") != nil
        guard verifies || variable("DOCKER_TLS") != nil else { return nil }
        let folder = variable("DOCKER_CERT_PATH").map { FilePath($0) } ?? dockerFolder ?? "/"
        return TLSIdentity(in: folder, verifies: verifies) { read($0) != nil }
    }

    /// `$DOCKER_CONFIG`, else `~/.docker`.
    var dockerFolder: FilePath? {
        if let folder = variable("DOCKER_CONFIG") { return FilePath(folder) }
        return variable("HOME").map { FilePath($0).appending(".docker") }
    }
}

extension EngineEndpoint {
    /// The endpoint with podman's program at the far end of ssh.
    func ofPodman(identity: FilePath?) -> EngineEndpoint {
        guard case .ssh(var address) = self else { return self }
        address.program = .podman
        address.identity = identity
        return .ssh(address)
    }
}

extension TLSIdentity {
    /// The identity whose files lie in a folder as docker names them, as far as they are there.
    init?(in folder: FilePath, verifies: Bool, isThere: (FilePath) -> Bool) {
        func file(_ name: String) -> FilePath? {
            let path = folder.appending(name)
            return isThere(path) ? path : nil
        }
        self.init(authority: file("ca.pem"), certificate: file("cert.pem"), key: file("key.pem"), verifies: verifies)
    }
}
