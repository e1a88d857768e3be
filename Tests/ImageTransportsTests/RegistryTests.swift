import Diagnostics
import FoundationEssentials
import ImageTransports
import LayerArchive
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct RegistryTests {
    @Test(
        "an image comes back from a registry with its ID and layers, whatever the compression",
        arguments: [MediaType.Compression.none, .gzip, .zstd])
    func roundTrip(compression: MediaType.Compression) async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            var options = options(registry.host)
            options.compression = compression
            let place = RegistryImage(
                try Reference("\(registry.host)/a/b:1"), options: options, temporaryFolder: folder.appending("tmp"))
            let first = try await place.write(sample.image, from: sample.store, progress: nil)
            let second = try await place.write(sample.image, from: sample.store, progress: nil)
            #expect(!first.isUnchanged && second.isUnchanged)
            #expect(first.manifestDigest == second.manifestDigest)
            let read = RegistryImage(
                try Reference("\(registry.host)/a/b:1"), options: options, temporaryFolder: folder.appending("tmp"))
            let image = try await read.image()
            #expect(image.id == sample.image.id)
            #expect(image.digest == first.manifestDigest)
            #expect(image.layers.map(\.diffID) == sample.image.layers.map(\.diffID))
            #expect(image.layers.allSatisfy { $0.descriptor.mediaType.compression == compression })
            try await ImageValidator().validate(image, blobs: read)
            if compression == .none { #expect(image.digest == sample.image.digest) }
        }
    }

    @Test("skopeo reads what is pushed, and what skopeo pushes is pulled")
    func skopeo() async throws {
        let skopeo = try findTool("skopeo")
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let place = try place("\(registry.host)/app:1", folder)
            let pushed = try await place.write(sample.image, from: sample.store, progress: nil)
            let end = try await run(
                skopeo, ["inspect", "--tls-verify=false", "docker://\(registry.host)/app:1"]
            ).succeeded()
            #expect(end.output.contains(pushed.manifestDigest.description))
            let layout = sample.store.layout(of: try Reference("sample")).path
            _ = try await run(
                skopeo,
                ["copy", "--dest-tls-verify=false", "oci:\(layout):latest", "docker://\(registry.host)/theirs:1"]
            ).succeeded()
            let theirs = try self.place("\(registry.host)/theirs:1", folder)
            let image = try await theirs.image()
            #expect(image.id == sample.image.id)
            let store = ImageStore(root: folder.appending("pulled"))
            try await StorePlace(store, try Reference("pulled")).write(image, from: theirs, progress: nil)
            try await store.validate(image)
        }
    }

    @Test("a registry that asks for a password gets it from docker's config.json, and refuses without")
    func basic() async throws {
        // The password is "secret".
        let line = "me:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
        try await withRegistry(access: .init(htpasswd: line)) { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let auth = Data("me:secret".utf8).base64EncodedString()
            try folder.appending("docker/config.json").write(
                #"{"auths":{"\#(registry.host)":{"auth":"\#(auth)"}}}"#)
            let name = try Reference("\(registry.host)/app:1")
            let known = RegistryImage(
                name, options: options(registry.host, ["DOCKER_CONFIG": folder.appending("docker").string]),
                temporaryFolder: folder)
            try await known.write(sample.image, from: sample.store, progress: nil)
            let unknown = RegistryImage(name, options: options(registry.host), temporaryFolder: folder)
            let error = await #expect(throws: Failure.self) { try await unknown.image() }
            #expect(error?.advice == "log in with docker login \(registry.host)")
            let header = RegistryImage(
                name,
                options: options(registry.host, ["CNB_REGISTRY_AUTH": #"{"\#(registry.host)":"Basic \#(auth)"}"#]),
                temporaryFolder: folder)
            #expect(try await header.image().id == sample.image.id)
        }
    }

    @Test("an image that is not there, and a server that is not there, are errors of their kinds")
    func missing() async throws {
        try await withRegistry { registry, folder in
            let error = await #expect(throws: Failure.self) {
                try await place("\(registry.host)/nothing:1", folder).image()
            }
            #expect(error?.code == .notFound)
            let port = try TCPSocket.freePort()
            let other = await #expect(throws: Failure.self) {
                try await place("127.0.0.1:\(port)/nothing:1", folder).image()
            }
            #expect(other?.code == .transport)
            #expect(other?.advice?.contains("can reach it") == true)
        }
    }

    // MARK: - Faults

    static let pullFaults: [(FaultyProxy.Rule, isCured: Bool)] = [
        (.init(match: "GET /v2/app/blobs", times: 2, fault: .cut(after: 400)), true),
        (.init(match: "GET /v2/app/manifests", times: 1, fault: .answer(Self.answer("429 Too Many Requests"))), true),
        (.init(match: "GET /v2/app/manifests", times: 3, fault: .answer(Self.answer("500 Oh"))), true),
        (.init(match: "GET /v2/app/manifests", times: 99, fault: .answer(Self.answer("503 Down"))), false),
        (.init(match: "GET /v2/app/blobs", times: 99, fault: .cut(after: 400)), false),
        (.init(match: "GET /v2/app/blobs", times: 99, fault: .flip), false),
        (.init(match: "GET /v2/app/manifests", times: 99, fault: .flip), false),
        (.init(match: "GET /v2/app/blobs", times: 99, fault: .answer(Self.answer("200 OK", body: "short"))), false),
        (.init(match: "GET /v2/app/blobs", times: 99, fault: .answer(Self.answer("200 OK", body: ""))), false),
        (.init(match: "GET /v2/app/manifests", times: 99, fault: .answer(Self.answer("200 OK", body: "{"))), false),
        (.init(match: "GET /v2/app/blobs", times: 99, fault: .drip(100)), true),
        (.init(match: "GET /v2/app/blobs", times: 1, fault: .stall(after: 400)), true),
        (.init(match: "GET /v2/app/blobs", times: 99, fault: .stall(after: 400)), false),
    ]

    @Test("a pull that goes wrong is cured or fails, and leaves no image", arguments: pullFaults)
    func pullFault(rule: FaultyProxy.Rule, isCured: Bool) async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            try await place("\(registry.host)/app:1", folder).write(sample.image, from: sample.store, progress: nil)
            let proxy = try FaultyProxy(to: registry.port, [rule])
            defer { proxy.stop() }
            let source = try place("\(proxy.host)/app:1", folder)
            let store = ImageStore(root: folder.appending("pulled"))
            let name = try Reference("pulled")
            do throws(Failure) {
                let image = try await source.image()
                try await StorePlace(store, name).write(image, from: source, progress: nil)
                #expect(isCured)
                try await store.validate(image)
                #expect(image.id == sample.image.id)
            } catch {
                #expect(!isCured, "\(error)")
                #expect(try store.image(for: name) == nil)
                let blobs = store.root.appending("blobs/sha256")
                #expect(try !blobs.isThere || blobs.names().isEmpty)
            }
        }
    }

    static let pushFaults: [(FaultyProxy.Rule, isCured: Bool)] = [
        (.init(match: "PUT /v2/app/blobs", times: 2, fault: .cutRequest(after: 300)), true),
        (.init(match: "PUT /v2/app/blobs", times: 1, fault: .answer(Self.answer("502 Oh"))), true),
        (.init(match: "POST /v2/app/blobs", times: 1, fault: .answer(Self.answer("429 Slow"))), true),
        (.init(match: "PUT /v2/app/manifests", times: 2, fault: .answer(Self.answer("503 Down"))), true),
        (.init(match: "PUT /v2/app/blobs", times: 1, fault: .stall(after: 10)), true),
        (.init(match: "HEAD /v2/app/blobs", times: 1, fault: .answer(Self.answer("500 Oh"))), true),
        (.init(match: "PUT /v2/app/manifests", times: 99, fault: .answer(Self.answer("500 Oh"))), false),
        (.init(match: "POST /v2/app/blobs", times: 99, fault: .answer(Self.answer("429 Slow"))), false),
        (.init(match: "PUT /v2/app/blobs", times: 99, fault: .cutRequest(after: 300)), false),
        (.init(match: "PUT /v2/app/blobs", times: 99, fault: .answer(Self.answer("507 Full"))), false),
    ]

    @Test("a push that goes wrong is cured or fails, and moves no tag", arguments: pushFaults)
    func pushFault(rule: FaultyProxy.Rule, isCured: Bool) async throws {
        try await withRegistry { registry, folder in
            let store = ImageStore(root: folder.appending("store"))
            let old = try await SampleImage("old", in: store, name: "old")
            let new = try await SampleImage("new", in: store, name: "new")
            try await place("\(registry.host)/app:1", folder).write(old.image, from: store, progress: nil)
            let proxy = try FaultyProxy(to: registry.port, [rule])
            defer { proxy.stop() }
            let target = try place("\(proxy.host)/app:1", folder)
            do throws(Failure) {
                try await target.write(new.image, from: store, progress: nil)
                #expect(isCured)
            } catch {
                #expect(!isCured, "\(error)")
            }
            let there = try await place("\(registry.host)/app:1", folder).image()
            #expect(there.id == (isCured ? new.image.id : old.image.id))
        }
    }

    @Test("a token is fetched for the scope that is needed, and the request sent again with it")
    func token() async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            try await place("\(registry.host)/app:1", folder).write(sample.image, from: sample.store, progress: nil)
            let token = Self.answer("200 OK", body: #"{"token":"t0ken"}"#)
            let gate = try FaultyProxy(to: registry.port, [.init(match: "GET /token", times: 9, fault: .answer(token))])
            defer { gate.stop() }
            let asks = """
                HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer realm="http://\(gate.host)/token",service="reg, istry"\r\n\
                Content-Length: 0\r\nConnection: close\r\n\r\n
                """
            let proxy = try FaultyProxy(to: registry.port, [.init(match: "manifests", times: 1, fault: .answer(asks))])
            defer { proxy.stop() }
            #expect(try await place("\(proxy.host)/app:1", folder).image().id == sample.image.id)
            #expect(gate.requests == ["GET /token?scope=repository%3Aapp%3Apull&service=reg%2C%20istry HTTP/1.1"])
            let asked = proxy.heads.filter { $0.contains("manifests") }
            #expect(asked.map { $0.contains("Authorization: Bearer t0ken") } == [false, true])
        }
    }

    @Test("a credential does not follow a redirect to another host")
    func redirect() async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            try await place("\(registry.host)/app:1", folder).write(sample.image, from: sample.store, progress: nil)
            let other = try FaultyProxy(to: registry.port, [])
            defer { other.stop() }
            let asks = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
            let blob = "/v2/app/blobs/\(sample.image.id)"
            let moved = "HTTP/1.1 307 There\r\nLocation: http://\(other.host)\(blob)\r\nContent-Length: 0\r\n\r\n"
            let proxy = try FaultyProxy(
                to: registry.port,
                [
                    .init(match: "manifests", times: 1, fault: .answer(asks)),
                    .init(match: blob, times: 1, fault: .answer(moved)),
                ])
            defer { proxy.stop() }
            let secret = ["CNB_REGISTRY_AUTH": #"{"\#(proxy.host)":"Basic c2VjcmV0"}"#]
            let image = RegistryImage(
                try Reference("\(proxy.host)/app:1"), options: options(proxy.host, secret), temporaryFolder: folder)
            #expect(try await image.image().id == sample.image.id)
            #expect(proxy.heads.last?.contains("Authorization: Basic c2VjcmV0") == true)
            #expect(other.requests == ["GET \(blob) HTTP/1.1"])
            #expect(other.heads.allSatisfy { !$0.lowercased().contains("authorization") })
        }
    }

    static func answer(_ status: String, body: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private func place(_ name: String, _ folder: FilePath) throws -> RegistryImage {
        let reference = try Reference(name)
        return RegistryImage(
            reference, options: options(reference.registry ?? ""), temporaryFolder: folder.appending("tmp"))
    }

    private func options(_ host: String, _ environment: [String: String] = [:]) -> RegistryImage.Options {
        var options = RegistryImage.Options(credentials: CredentialStore(environment: environment))
        options.insecure = [host]
        options.retry = RetryPolicy(stall: 1, wait: { _ in })
        return options
    }
}
