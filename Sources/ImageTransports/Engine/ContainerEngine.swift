import Diagnostics
import HTTP
import OCIImage
import Synchronization

/// A container engine, Docker's or Podman's, by Docker's API (version 1.24 and later).
package struct ContainerEngine: Sendable {
    package let endpoint: EngineEndpoint
    private let client = HTTPClient(keepsConnections: true)
    private let known = KnownKind()
    private let tunnel: EngineTunnel?

    /// Takes a place, which may be anywhere but behind ssh; whether an engine is there, `version` tells.
    package init(_ endpoint: EngineEndpoint) {
        self.endpoint = endpoint
        tunnel = nil
    }

    /// Takes a place.
    /// - Parameter dial: starts the program that leads to an engine on another machine.
    /// - Throws: `Failure` where there is no way to start one.
    package init(_ endpoint: EngineEndpoint, dial: @escaping EngineDialer) throws(Failure) {
        self.endpoint = endpoint
        if case .ssh(let address) = endpoint {
            tunnel = try EngineTunnel(address.command, dial: dial)
        } else {
            tunnel = nil
        }
    }

    /// What the engine says of itself.
    package struct Version: Sendable, Hashable {
        package var program: EngineProgram
        package var version: String

        /// `Docker` or `Podman`.
        package var name: String { program.title }

        init(program: EngineProgram, version: String) {
            self.program = program
            self.version = version
        }

        /// Reads what an engine says of itself as a server: `Docker/20.10.24 (linux)`, `Libpod/4.3.1 (linux)`;
        /// `nil` for any other.
        init?(server: String) {
            let parts = server.prefix { $0 != " " }.split(separator: "/", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "Docker": self.init(program: .docker, version: String(parts[1]))
            case "Libpod": self.init(program: .podman, version: String(parts[1]))
            default: return nil
            }
        }
    }

    /// Asks the engine for its version.
    ///
    /// Podman takes half a second for its version, as it starts the programs that it uses: the header of an answer that
    /// costs nothing has it too.
    /// - Parameter timeout: the seconds that it may take; by default what its place is allowed.
    /// - Throws: `Failure` of code `transport` when none answers.
    package func version(timeout: Double? = nil) async throws(Failure) -> Version {
        let patience = timeout ?? endpoint.patience
        let ping = try await answer(to: request("GET", "/_ping", patience: patience))
        let said = ping.isSuccess ? ping.headers["server"].flatMap(Version.init(server:)) : nil
        let version: Version = if let said { said } else { try await fullVersion(patience) }
        known.program.withLock { $0 = version.program }
        return version
    }

    /// What an engine behind a server of another name says, such as a proxy.
    private func fullVersion(_ patience: Double) async throws(Failure) -> Version {
        struct Answer: Decodable {
            struct Component: Decodable { let Name: String }
            let Version: String
            let Components: [Component]?
        }
        let response = try await send(request("GET", "/version", patience: patience))
        let answer = try CanonicalJSON.decode(Answer.self, from: response.body, what: "the engine's version")
        let isPodman = (answer.Components ?? []).contains { $0.Name.lowercased().contains("podman") }
        return Version(program: isPodman ? .podman : .docker, version: answer.Version)
    }

    private func request(_ method: String, _ path: String, patience: Double) -> HTTPRequest {
        var request = request(method, path)
        request.timeout = patience
        request.connectTimeout = patience
        return request
    }

    /// How the engine keeps images; asked once.
    func kind() async throws(Failure) -> EngineKind {
        if let kind = known.kind.withLock({ $0 }) { return kind }
        let kind = try await program() == .podman ? .podman : try await dockerKind()
        known.kind.withLock { $0 = kind }
        return kind
    }

    private func program() async throws(Failure) -> EngineProgram {
        if let program = known.program.withLock({ $0 }) { return program }
        return try await version().program
    }

    private func dockerKind() async throws(Failure) -> EngineKind {
        struct Answer: Decodable { let DriverStatus: [[String]]? }
        let response = try await send(request("GET", "/info"))
        let answer = try CanonicalJSON.decode(Answer.self, from: response.body, what: "the engine's facts")
        let isContainerd = (answer.DriverStatus ?? []).contains { $0.contains("io.containerd.snapshotter.v1") }
        return isContainerd ? .containerd : .classic
    }

    /// What the engine knows of the image that a name or an ID leads to; `nil` where there is none.
    func facts(of name: String) async throws(Failure) -> EngineImageFacts? {
        // Engines that do not know the question leave it out.
        let response = try await answer(to: request("GET", "/images/\(name)/json?manifests=1"))
        if response.status == 404 { return nil }
        try check(response)
        return try CanonicalJSON.decode(EngineImageFacts.self, from: response.body, what: "the engine's image")
    }

    /// The ID of the image that a name or an ID leads to; `nil` where there is none.
    package func imageID(of name: String) async throws(Failure) -> Digest? { try await facts(of: name)?.id }

    /// Gives an image of the engine one more name.
    package func tag(_ id: Digest, as name: Reference) async throws(Failure) {
        let repository = (name.registry.map { $0 + "/" } ?? "") + name.repository
        let path = "/images/\(id)/tag?repo=\(repository)&tag=\(name.tag ?? "latest")"
        _ = try await send(request("POST", path))
    }

    /// Removes a name, and the image if it was the last.
    package func remove(_ name: Reference) async throws(Failure) {
        _ = try await send(request("DELETE", "/images/\(name.taggedName)"))
    }

    func request(_ method: String, _ path: String) -> HTTPRequest {
        endpoint.request(method, path, tunnel: tunnel?.path)
    }

    func send(_ request: HTTPRequest) async throws(Failure) -> HTTPResponse {
        let response = try await answer(to: request)
        try check(response)
        return response
    }

    private func answer(to request: HTTPRequest) async throws(Failure) -> HTTPResponse {
        do throws(Failure) {
            return try await client.send(request)
        } catch {
            // What the program on the way says is nearer to the cause than what libcurl makes of its end.
            guard error.code == .transport, let complaint = tunnel?.complaint else { throw error }
            throw Failure(.transport, complaint)
        }
    }

    private func check(_ response: HTTPResponse) throws(Failure) {
        guard !response.isSuccess else { return }
        throw Failure(
            response.status == 404 ? .notFound : .transport,
            "the engine at \(endpoint) answered \(response.status): \(Self.message(response.body))")
    }

    /// The engine's own words, shortened.
    static func message(_ body: [UInt8]) -> String {
        struct Answer: Decodable { let message: String }
        let answer = try? CanonicalJSON.decode(Answer.self, from: body, what: "")
        return String((answer?.message ?? String(decoding: body, as: UTF8.self)).prefix(300))
    }
}

/// How an engine keeps images, which decides what it takes of one that it has in part.
enum EngineKind: Sendable, Hashable {
    /// Docker with a store of its own: layers by the chain of those below.
    case classic
    /// Docker on containerd's store: blobs by digest, images by their manifest.
    case containerd
    /// Podman: layers by diffID.
    case podman
}

/// What an engine is, once it is known.
private final class KnownKind: Sendable {
    let program = Mutex<EngineProgram?>(nil)
    let kind = Mutex<EngineKind?>(nil)
}

/// What an engine says of an image of its own.
struct EngineImageFacts: Decodable {
    struct Layers: Decodable { let Layers: [Digest]? }
    struct Configuration: Decodable { let Labels: [String: String]? }
    struct ManifestState: Decodable {
        let ID: String?
        let Available: Bool?
    }

    let Id: String
    let RepoTags: [String]?
    let RootFS: Layers?
    let Config: Configuration?
    let Manifests: [ManifestState]?

    /// Its ID there; `nil` where it is not a digest.
    var id: Digest? { try? Digest(Id.hasPrefix("sha256:") ? Id : "sha256:" + Id) }
    /// Its layers, from the bottom up.
    var diffIDs: [Digest] { RootFS?.Layers ?? [] }
    var labels: [String: String] { Config?.Labels ?? [:] }
    /// Whether all of a manifest's blobs are there; `nil` where the engine does not say.
    func isAvailable(_ manifest: Digest) -> Bool? {
        Manifests?.first { $0.ID == manifest.description }?.Available
    }
}
