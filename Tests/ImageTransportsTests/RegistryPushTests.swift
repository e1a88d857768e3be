import Diagnostics
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

/// What a push asks for and sends, counted at the registry's door.
@Suite struct RegistryPushTests {
    @Test("a machine that has read the image to replace needs three requests where nothing is new, and sends nothing")
    func nothingNew() async throws {
        try await withBench { bench in
            try await bench.place("app:1", memory: RegistryMemory())
                .write(bench.sample.image, from: bench.sample.store, progress: nil)
            bench.proxy.set([])
            let before = bench.proxy.requests.count
            let memory = RegistryMemory()
            let there = try await bench.place("app:1", memory: memory).image()
            #expect(there.id == bench.sample.image.id)
            let outcome = try await bench.place("app:1", memory: memory)
                .write(bench.sample.image, from: NoBlobs(), progress: nil)
            #expect(outcome.isUnchanged && outcome.manifestDigest == there.digest)
            let requests = bench.proxy.requests.dropFirst(before).map(Self.kind)
            #expect(requests == ["GET manifests", "GET blobs", "HEAD manifests"])
            // A machine that knows the image itself reads the manifest alone.
            let other = try await bench.place("app:1", memory: RegistryMemory())
                .write(bench.sample.image, from: NoBlobs(), progress: nil)
            #expect(other.isUnchanged)
            #expect(bench.proxy.requests.dropFirst(before + 3).map(Self.kind) == ["HEAD manifests", "GET manifests"])
        }
    }

    @Test("of a changed image only the layer that is new is read, compressed and sent")
    func oneLayer() async throws {
        try await withBench { bench in
            let store = bench.sample.store
            try await bench.place("app:1", memory: RegistryMemory())
                .write(bench.sample.image, from: store, progress: nil)
            let other = try await SampleImage("other", in: store, name: "other")
            let before = bench.proxy.requests.count
            let blobs = NoBlobs(except: other.image.layers[1].descriptor.digest, store: store)
            let outcome = try await bench.place("app:1", memory: RegistryMemory())
                .write(other.image, from: blobs, progress: nil)
            let requests = bench.proxy.requests.dropFirst(before).map(Self.kind)
            // The layer and the configuration.
            #expect(requests.count { $0 == "PUT blobs" } == 2, "\(requests)")
            let read = try bench.place("app:1", memory: RegistryMemory())
            let image = try await read.image()
            #expect(image.digest == outcome.manifestDigest && image.id == other.image.id)
            try await ImageValidator().validate(image, blobs: read)
            // It is the image that a push to an empty repository makes.
            let fresh = try await bench.place("fresh:1", memory: RegistryMemory())
                .write(other.image, from: store, progress: nil)
            #expect(fresh.manifestDigest == outcome.manifestDigest)
        }
    }

    @Test("layers that another repository of the registry has are mounted from there, and a second tag sends nothing")
    func mounts() async throws {
        try await withBench { bench in
            let memory = RegistryMemory()
            try await bench.place("run:1", memory: memory)
                .write(bench.sample.image, from: bench.sample.store, progress: nil)
            let before = bench.proxy.requests.count
            try await bench.place("team/app:1", memory: memory)
                .write(bench.sample.image, from: bench.sample.store, progress: nil)
            let requests = Array(bench.proxy.requests.dropFirst(before))
            #expect(requests.count { $0.contains("from=run") && $0.hasPrefix("POST") } == 3, "\(requests)")
            #expect(!requests.contains { $0.hasPrefix("PUT") && $0.contains("/blobs/") }, "\(requests)")
            let read = try bench.place("team/app:1", memory: RegistryMemory())
            try await ImageValidator().validate(try await read.image(), blobs: read)
            let middle = bench.proxy.requests.count
            try await bench.place("team/app:2", memory: memory)
                .write(bench.sample.image, from: bench.sample.store, progress: nil)
            #expect(
                bench.proxy.requests.dropFirst(middle).map(Self.kind) == ["HEAD manifests", "PUT manifests"])
        }
    }

    @Test("a registry that refuses to mount, or has lost what it had, is sent everything", arguments: [true, false])
    func lost(isMount: Bool) async throws {
        try await withBench { bench in
            let memory = RegistryMemory()
            try await bench.place("run:1", memory: memory)
                .write(bench.sample.image, from: bench.sample.store, progress: nil)
            let name: String
            if isMount {
                name = "app:1"
                let refusal = "HTTP/1.1 405 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                bench.proxy.set([.init(match: "from=run", times: 99, fault: .answer(refusal))])
            } else {
                name = "run:2"
                let links = bench.folder.appending("registry/docker/registry/v2/repositories/run/_layers")
                removeTree(links)
            }
            let outcome = try await bench.place(name, memory: memory)
                .write(bench.sample.image, from: bench.sample.store, progress: nil)
            let read = try bench.place(name, memory: RegistryMemory())
            let image = try await read.image()
            #expect(image.digest == outcome.manifestDigest)
            try await ImageValidator().validate(image, blobs: read)
        }
    }

    @Test("a token to mount is asked for with the rights to both repositories")
    func mountScope() throws {
        let endpoint = RegistryEndpoint(try Reference("r.test/app:1"), insecure: [])
        #expect(endpoint.scope("pull,push", from: "run") == "repository:app:pull,push repository:run:pull")
        let request = TokenRequest(
            realm: "https://a.test/token", service: "s", scope: endpoint.scope("pull,push", from: "run")
        ).request(nil)
        #expect(request.url.split(separator: "scope=").count == 3, "\(request.url)")
    }

    /// Method and kind of what is asked for.
    private static func kind(_ request: String) -> String {
        let method = request.prefix { $0 != " " }
        return "\(method) " + (request.contains("/manifests/") ? "manifests" : "blobs")
    }

    private struct Bench {
        let folder: FilePath
        let registry: RegistryService
        let proxy: FaultyProxy
        let sample: SampleImage

        func place(_ name: String, memory: RegistryMemory) throws -> RegistryImage {
            var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
            options.insecure = [proxy.host]
            options.retry = RetryPolicy(wait: { _ in })
            options.memory = memory
            return RegistryImage(
                try Reference("\(proxy.host)/\(name)"), options: options, temporaryFolder: folder.appending("tmp"))
        }
    }

    private func withBench(_ body: (Bench) async throws -> Void) async throws {
        try await withRegistry { registry, folder in
            let proxy = try FaultyProxy(to: registry.port, [])
            defer { proxy.stop() }
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            try await body(Bench(folder: folder, registry: registry, proxy: proxy, sample: sample))
        }
    }
}

/// A source from which nothing may be read, but for one blob.
private struct NoBlobs: BlobSource {
    var allowed: Digest?
    var store: ImageStore?

    init() {}

    init(except digest: Digest, store: ImageStore) {
        allowed = digest
        self.store = store
    }

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        guard descriptor.digest == allowed, let store else {
            throw Failure(.notFound, "\(descriptor.digest) was read")
        }
        return try await store.blob(descriptor)
    }
}
