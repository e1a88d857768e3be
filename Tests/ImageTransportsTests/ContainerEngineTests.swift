import Diagnostics
import FoundationEssentials
import ImageTransports
import OCIImage
import SystemPackage
import TestSupport
import Testing

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
