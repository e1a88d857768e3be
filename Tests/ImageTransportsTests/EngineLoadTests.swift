import Diagnostics
import ImageTransports
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Loading what changed, into real engines.
@Suite(.serialized) struct EngineLoadTests {
    private static let own = ["io.buildpacks.lifecycle.metadata": "{}"]

    /// The bytes that went to an engine last.
    private final class Sent: Sendable {
        private let total = Mutex<Int64>(0)
        var bytes: Int64 { total.withLock { $0 } }
        var progress: BlobProgress { { [self] _, total in self.total.withLock { $0 = total } } }
    }

    @Test(
        "of an image that follows another only the new layers go, and it has the ID that is promised",
        arguments: TestEngine.Kind.allCases)
    func newLayers(kind: TestEngine.Kind) async throws {
        try await withTemporaryFolder { folder in
            try await TestEngine.run(kind) { test in
                let engine = ContainerEngine(.socket(test.socket))
                let store = ImageStore(root: folder.appending("store"))
                let name = try Reference("my-image")
                let bulk = String(repeating: "a line that stays\n", count: 100_000)
                let old = try await SampleImage("old", base: bulk, in: store, labels: Self.own)
                let new = try await SampleImage("new", base: bulk, in: store, name: "new", labels: Self.own)
                let sent = Sent()
                let first = try await engine.load(
                    old.image, from: store, as: name, knownBy: store, progress: sent.progress)
                #expect(sent.bytes > 1_800_000 && !first.isUnchanged)
                let second = try await engine.load(
                    new.image, from: store, as: name, knownBy: store, progress: sent.progress)
                #expect(sent.bytes < 50_000)
                #expect(second.imageID == new.image.id)
                #expect(try await engine.imageID(of: "my-image:latest") == new.image.id)
                // What had the name before is mixpack's own, and is gone.
                #expect(try await test.docker("images", "-aq").succeeded().lines.count == 1)
                let read = EngineImage(engine, name, temporaryFolder: folder)
                let image = try await read.image()
                #expect(image.layers.map(\.diffID) == new.image.layers.map(\.diffID))
                try await ImageValidator().validate(image, blobs: read)
            }
        }
    }

    @Test(
        "an image that lost its name stays where it has another, or is not mixpack's",
        arguments: TestEngine.Kind.allCases)
    func kept(kind: TestEngine.Kind) async throws {
        try await withTemporaryFolder { folder in
            try await TestEngine.run(kind) { test in
                let engine = ContainerEngine(.socket(test.socket))
                let store = ImageStore(root: folder.appending("store"))
                let name = try Reference("my-image")
                let named = try await SampleImage("named", in: store, labels: Self.own)
                let foreign = try await SampleImage("foreign", in: store, name: "foreign")
                let last = try await SampleImage("last", in: store, name: "last", labels: Self.own)
                try await engine.load(named.image, from: store, as: name, knownBy: store)
                _ = try await test.docker("tag", "my-image", "keep").succeeded()
                try await engine.load(foreign.image, from: store, as: name, knownBy: store)
                try await engine.load(last.image, from: store, as: name, knownBy: store)
                for image in [named.image, foreign.image, last.image] {
                    #expect(try await engine.imageID(of: image.id.description) == image.id)
                }
            }
        }
    }

    @Test("more names for an image that is there are of the same kind as the first")
    func moreNames() async throws {
        try await withTemporaryFolder { folder in
            try await TestEngine.run(.podman) { test in
                let engine = ContainerEngine(.socket(test.socket))
                let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
                for name in ["one", "two:2", "reg.example/three:3"] {
                    try await engine.load(sample.image, from: sample.store, as: try Reference(name))
                }
                let names = try await test.docker("images", "--format", "{{.Repository}}:{{.Tag}}").succeeded().lines
                #expect(names.sorted() == ["localhost/one:latest", "localhost/two:2", "reg.example/three:3"])
            }
        }
    }

    @Test("a load that fails is tried with the whole image, and that once more")
    func fallback() async throws {
        try await withPodman(onPort: true) { engine, folder in
            guard case .network(let host, _) = engine.endpoint,
                let port = host.split(separator: ":").last.flatMap({ UInt16($0) })
            else { throw TestSupportError("no port") }
            let refusal = #"{"error":"reading blob: no such file"}"#
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(refusal.utf8.count)\r\n\r\n\(refusal)"
            func rule(_ times: Int) -> FaultyProxy.Rule {
                .init(match: "POST /images/load", times: times, fault: .answer(answer))
            }
            let server = try FaultyProxy(to: port, [])
            defer { server.stop() }
            let faulty = ContainerEngine(.network(server.host))
            let store = ImageStore(root: folder.appending("store"))
            let name = try Reference("my-image")
            let old = try await SampleImage("old", in: store)
            try await faulty.load(old.image, from: store, as: name, knownBy: store)
            let new = try await SampleImage("new", in: store, name: "new")
            server.set([rule(2)])
            try await faulty.load(new.image, from: store, as: name, knownBy: store)
            #expect(try await engine.imageID(of: "my-image:latest") == new.image.id)
            server.set([rule(3)])
            let last = try await SampleImage("last", in: store, name: "last")
            let error = await #expect(throws: Failure.self) {
                try await faulty.load(last.image, from: store, as: name, knownBy: store)
            }
            #expect(error?.message.hasSuffix("did not load the image: reading blob: no such file") == true)
            #expect(try await engine.imageID(of: "my-image:latest") == new.image.id)
        }
    }
}
