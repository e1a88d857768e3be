import Diagnostics
import FoundationEssentials
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

@Suite struct ContainerEngineTests {
    @Test("an image is loaded, named, not loaded twice, and read back with its ID and layers")
    func podman() async throws {
        let docker = try findTool("docker", package: "docker.io")
        try await withPodman { engine, folder in
            let version = try await engine.version()
            #expect(version.name == "Podman" && !version.version.isEmpty)
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let name = try Reference("my-image")
            #expect(try await engine.imageID(of: "my-image:latest") == nil)
            #expect(try await !engine.load(sample.image, from: sample.store, as: name).isUnchanged)
            #expect(try await engine.imageID(of: "my-image:latest") == sample.image.id)
            #expect(try await engine.load(sample.image, from: sample.store, as: name).isUnchanged)

            let other = try Reference("other/name:2")
            try await engine.load(sample.image, from: sample.store, as: other)
            #expect(try await engine.imageID(of: "other/name:2") == sample.image.id)

            let host = engine.endpoint.description
            let inspected = try await run(docker, ["-H", host, "image", "inspect", "my-image"]).succeeded()
            #expect(inspected.output.contains(sample.image.id.hex))

            let image = EngineImage(engine, name, temporaryFolder: folder)
            let read = try await image.image()
            #expect(read.id == sample.image.id)
            #expect(read.layers.map(\.diffID) == sample.image.layers.map(\.diffID))
            try await ImageValidator().validate(read, blobs: image)
        }
    }

    @Test("a server says what it is in a header; behind one of another name the engine's version is asked")
    func serverNames() async throws {
        typealias Version = ContainerEngine.Version
        #expect(
            Version(server: "Docker/20.10.24+dfsg1 (linux)") == Version(program: .docker, version: "20.10.24+dfsg1"))
        #expect(Version(server: "Libpod/4.3.1 (linux)") == Version(program: .podman, version: "4.3.1"))
        #expect(Version(server: "nginx/1.22.1") == nil && Version(server: "") == nil)
        try await withTemporaryFolder { folder in
            try folder.appending("_ping").write("OK")
            try folder.appending("version").write(
                #"{"Version": "5.1.0", "Components": [{"Name": "Podman Engine"}]}"#)
            let server = try FileServer(serving: folder)
            let engine = ContainerEngine(try EngineEndpoint("tcp://127.0.0.1:\(server.port)"))
            #expect(try await engine.version() == Version(program: .podman, version: "5.1.0"))
        }
    }

    @Test("an engine that listens on a port is found by DOCKER_HOST, loads and gives back")
    func port() async throws {
        try await withPodman(onPort: true) { engine, folder in
            let host = engine.endpoint.description
            #expect(host.hasPrefix("tcp://127.0.0.1:"))
            guard case .found(let answer) = await EngineSearch.only(engine.endpoint).find() else {
                throw TestSupportError("no answer at \(host)")
            }
            let found = answer.engine
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let name = try Reference("my-image")
            try await found.load(sample.image, from: sample.store, as: name)
            #expect(try await EngineImage(found, name, temporaryFolder: folder).image().id == sample.image.id)
        }
    }

    @Test("a new image under the same name takes the name over")
    func replaced() async throws {
        try await withPodman { engine, folder in
            let store = ImageStore(root: folder.appending("store"))
            let name = try Reference("my-image")
            let old = try await SampleImage("old", in: store)
            let new = try await SampleImage("new", in: store, name: "new")
            try await engine.load(old.image, from: store, as: name)
            try await engine.load(new.image, from: store, as: name)
            #expect(try await engine.imageID(of: "my-image:latest") == new.image.id)
            try await engine.load(old.image, from: store, as: name)
            #expect(try await engine.imageID(of: "my-image:latest") == old.image.id)
        }
    }

    @Test("an image that is not there is an error of its own kind")
    func missing() async throws {
        try await withPodman { engine, folder in
            let image = EngineImage(engine, try Reference("nothing"), temporaryFolder: folder)
            let error = await #expect(throws: Failure.self) { try await image.image() }
            #expect(error?.code == .notFound)
        }
    }
}
