import Diagnostics
import HTTP
import LayerArchive
import OCIImage

/// A container engine, Docker's or Podman's, by Docker's API (version 1.24 and later).
package struct ContainerEngine: Sendable {
    package let endpoint: EngineEndpoint
    private let client = HTTPClient()

    /// Takes a place; whether an engine is there, `version` tells.
    package init(_ endpoint: EngineEndpoint) { self.endpoint = endpoint }

    /// The first engine that answers at the places that the environment names.
    /// - Returns: `nil` where none answers.
    /// - Throws: `Failure` when `DOCKER_HOST` is set to what cannot be used.
    package static func find(
        environment: [String: String], user: UInt32
    ) async throws(Failure) -> ContainerEngine? {
        for endpoint in try EngineEndpoint.candidates(environment: environment, user: user) {
            if case .socket(let path) = endpoint, !endpoint.isThere(path) { continue }
            let engine = ContainerEngine(endpoint)
            if (try? await engine.version()) != nil { return engine }
        }
        return nil
    }

    /// What the engine says of itself.
    package struct Version: Sendable, Hashable {
        /// `Docker` or `Podman`.
        package var name: String
        package var version: String
        package var apiVersion: String
    }

    /// Asks the engine for its version, for at most three seconds by default: one that is started by its socket takes its time.
    /// - Throws: `Failure` of code `transport` when none answers.
    package func version(timeout: Double = 3) async throws(Failure) -> Version {
        struct Answer: Decodable {
            struct Component: Decodable { let Name: String }
            let Version: String
            let ApiVersion: String
            let Components: [Component]?
        }
        var request = endpoint.request("GET", "/version")
        request.timeout = timeout
        request.connectTimeout = timeout
        let response = try await send(request)
        let answer = try CanonicalJSON.decode(Answer.self, from: response.body, what: "the engine's version")
        let isPodman = (answer.Components ?? []).contains { $0.Name.lowercased().contains("podman") }
        return Version(
            name: isPodman ? "Podman" : "Docker", version: answer.Version, apiVersion: answer.ApiVersion)
    }

    /// The ID of the image that a name or an ID leads to; `nil` where there is none.
    package func imageID(of name: String) async throws(Failure) -> Digest? {
        struct Answer: Decodable { let Id: String }
        let response = try await client.send(endpoint.request("GET", "/images/\(name)/json"))
        if response.status == 404 { return nil }
        try check(response)
        let answer = try CanonicalJSON.decode(Answer.self, from: response.body, what: "the engine's image")
        return try Digest(answer.Id.hasPrefix("sha256:") ? answer.Id : "sha256:" + answer.Id)
    }

    /// Gives an image of the engine one more name.
    package func tag(_ id: Digest, as name: Reference) async throws(Failure) {
        let repository = (name.registry.map { $0 + "/" } ?? "") + name.repository
        let path = "/images/\(id)/tag?repo=\(repository)&tag=\(name.tag ?? "latest")"
        _ = try await send(endpoint.request("POST", path))
    }

    /// Removes a name, and the image if it was the last.
    package func remove(_ name: Reference) async throws(Failure) {
        _ = try await send(endpoint.request("DELETE", "/images/\(name.taggedName)"))
    }

    func send(_ request: HTTPRequest) async throws(Failure) -> HTTPResponse {
        let response = try await client.send(request)
        try check(response)
        return response
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

    /// Loads an image and gives it a name, by `POST /images/load`; no file is written on the way.
    ///
    /// An image that the engine has already, by its ID, is only named.
    /// - Throws: `Failure` with the engine's own words.
    @discardableResult
    package func load(
        _ image: Image, from blobs: any BlobSource, as name: Reference, progress: BlobProgress? = nil
    ) async throws(Failure) -> WriteOutcome {
        if try await imageID(of: name.taggedName) == image.id {
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: true)
        }
        if try await imageID(of: image.id.description) == image.id {
            try await tag(image.id, as: name)
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
        }
        var request = endpoint.request("POST", "/images/load?quiet=1")
        request.headers = [("Content-Type", "application/x-tar")]
        request.body = try await DockerArchive.content(image, blobs, names: [name]).body
        request.progress = progress
        let response = try await send(request)
        if let error = Self.loadError(response.text) {
            throw Failure(.transport, "the engine at \(endpoint) did not load the image: \(error)")
        }
        guard try await imageID(of: name.taggedName) != nil else {
            throw Failure(.transport, "the engine at \(endpoint) accepted the image, but has none named \(name)")
        }
        return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
    }

    /// A load answers 200 even if it fails: the error is one of the lines of the answer.
    private static func loadError(_ text: String) -> String? {
        struct Line: Decodable { let error: String? }
        for line in text.split(whereSeparator: \.isNewline) {
            let found = try? CanonicalJSON.decode(Line.self, from: Array(line.utf8), what: "").error
            if let found { return String(found.prefix(300)) }
        }
        return nil
    }
}
