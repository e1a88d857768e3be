import Diagnostics
import LayerArchive
import OCIImage
import Testing

@Suite struct ImageModelTests {
    /// As docker writes it, with fields that this program does not know.
    static let docker = """
        {"architecture":"amd64","config":{"Cmd":null,"Env":["PATH=/bin","A=1"],"ExposedPorts":{"80/tcp":{}},\
        "Healthcheck":{"Interval":3000000000,"Test":["CMD","true"]},"Labels":{"a/b":"c"},"OnBuild":null},\
        "created":"2024-01-02T03:04:05.6Z","docker_version":"24","history":[{"created":"2024-01-02T03:04:05Z",\
        "created_by":"one","empty_layer":true}],"os":"linux","rootfs":{"diff_ids":[],"type":"layers"}}
        """

    @Test("fields that are not known are kept, sorted, with their slashes as they are")
    func unknownFields() throws {
        let read = try CanonicalJSON.decode(ImageConfiguration.self, from: Array(Self.docker.utf8), what: "x")
        #expect(read.config.environment == ["PATH=/bin", "A=1"])
        #expect(read.config.exposedPorts == ["80/tcp"])
        #expect(read.config.otherFields.keys.sorted() == ["Healthcheck", "OnBuild"])
        let written = String(decoding: try CanonicalJSON.encode(read), as: UTF8.self)
        #expect(written == Self.docker.replacing("\"Cmd\":null,", with: ""))
    }

    @Test("a variable is set in its place, and read back by its whole name")
    func variables() {
        var config = ContainerConfiguration()
        config.environment = ["PATH=/bin", "PATHS=x", "EMPTY="]
        config.setVariable("PATH", to: "/usr/bin")
        config.setVariable("NEW", to: "a=b")
        #expect(config.environment == ["PATH=/usr/bin", "PATHS=x", "EMPTY=", "NEW=a=b"])
        #expect(config.variable("NEW") == "a=b" && config.variable("EMPTY") == "" && config.variable("PA") == nil)
    }

    @Test("history is one entry a layer, at the image's time; what the base says without a layer is dropped")
    func history() throws {
        let base = try baseImage(layers: 2, history: [("a", false), ("b", true), ("c", false)])
        var builder = ImageBuilder(base: base)
        builder.configuration.created = "1980-01-01T00:00:01Z"
        builder.append(try layer(7), createdBy: "mine")
        let image = try builder.image()
        #expect(image.configuration.history.map(\.createdBy) == ["a", "c", "mine"])
        #expect(image.configuration.history.allSatisfy { $0.created == "1980-01-01T00:00:01Z" })
        #expect(image.layers.map(\.diffID) == base.layers.map(\.diffID) + [try layer(7).diffID])
    }

    @Test(
        "an image made on Docker's layers has OCI's media types alone, and the same blobs",
        arguments: [
            (MediaType.dockerLayer, MediaType.layer), (.dockerGzipLayer, .gzipLayer), (.dockerZstdLayer, .zstdLayer),
            (.gzipLayer, .gzipLayer),
        ])
    func mediaTypes(given: MediaType, expected: MediaType) throws {
        let base = try baseImage(layers: 2, history: [], type: given)
        var builder = ImageBuilder(base: base)
        builder.append(try layer(7), createdBy: "mine")
        let manifest = try builder.image().manifest
        #expect(manifest.layers.map(\.mediaType) == [expected, expected, try layer(7).descriptor.mediaType])
        #expect(manifest.layers.prefix(2).map(\.digest) == base.manifest.layers.map(\.digest))
        var rebased = ImageBuilder(base: try builder.image())
        try rebased.replaceLowest(2, with: base)
        #expect(try rebased.image().digest == builder.image().digest)
        #expect(manifest.ociManifest == manifest && manifest.config.mediaType == .configuration)
    }

    @Test("a base whose history does not fit its layers gets blank entries")
    func blankHistory() throws {
        let base = try baseImage(layers: 2, history: [("a", false)])
        #expect(try ImageBuilder(base: base).image().configuration.history.map(\.createdBy) == [nil, nil])
    }

    @Test("a rebase swaps the lowest layers and keeps the others and the configuration")
    func rebase() throws {
        let old = try baseImage(layers: 2, history: [])
        let new = try baseImage(layers: 3, history: [], first: 50)
        var builder = ImageBuilder(base: old)
        builder.configuration.config.user = "1000"
        builder.append(try layer(7), createdBy: "mine")
        try builder.replaceLowest(2, with: new)
        let image = try builder.image()
        #expect(image.layers.map(\.diffID) == new.layers.map(\.diffID) + [try layer(7).diffID])
        #expect(image.configuration.config.user == "1000")
        #expect(image.configuration.history.last?.createdBy == "mine")
        let error = #expect(throws: Failure.self) { try builder.replaceLowest(9, with: new) }
        #expect(error?.message.contains("the image has 4 layers, not 9") == true, "\(error?.message ?? "")")
    }

    @Test("a manifest that does not fit its configuration is refused")
    func unfit() throws {
        let one = try baseImage(layers: 1, history: [])
        let two = try baseImage(layers: 2, history: [])
        let error = #expect(throws: Failure.self) {
            try Image(manifestBytes: one.manifestBytes, configurationBytes: two.configurationBytes)
        }
        #expect(error?.code == .digestMismatch)
        var builder = ImageBuilder(platform: Platform(architecture: "amd64"))
        builder.append(try layer(1))
        var manifest = try builder.image().manifest
        manifest.layers = []
        let bytes = try CanonicalJSON.encode(manifest)
        let configuration = try builder.image().configurationBytes
        let other = #expect(throws: Failure.self) {
            try Image(manifestBytes: bytes, configurationBytes: configuration)
        }
        #expect(other?.code == .malformed)
    }

    @Test(
        "broken documents are errors that say what is wrong, never a crash",
        arguments: [
            "", "null", "[]", "{}", #"{"schemaVersion":"2"}"#, #"{"schemaVersion":2,"config":{},"layers":[]}"#,
            #"{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:x","size":1},"layers":[]}"#,
            #"{"schemaVersion":99999999999999999999}"#, String(repeating: "[", count: 100_000),
        ])
    func broken(text: String) {
        let error = #expect(throws: Failure.self) {
            try CanonicalJSON.decode(Manifest.self, from: Array(text.utf8), what: "the manifest")
        }
        #expect(error?.message.hasPrefix("the manifest is not valid") == true)
    }

    @Test("an index gives the image for a platform, or names those it has")
    func platforms() throws {
        let digest = try one
        let entries = ["amd64", "arm64"].map { name in
            Descriptor(mediaType: .manifest, digest: digest, size: 1, platform: Platform(architecture: name))
        }
        let index = ImageIndex(manifests: entries)
        #expect(try index.manifest(for: Platform(architecture: "arm64", variant: "v8")) == entries[1])
        let error = #expect(throws: Failure.self) { try index.manifest(for: Platform(architecture: "riscv64")) }
        #expect(error?.message == "no image for linux/riscv64, only for linux/amd64, linux/arm64")
    }

    @Test("An image without a platform is the one that is meant, also where an attestation stands beside it")
    func attestation() throws {
        let image = Descriptor(mediaType: .manifest, digest: try one, size: 1)
        let attestation = Descriptor(
            mediaType: .manifest, digest: try one, size: 2, platform: Platform(architecture: "unknown", os: "unknown"))
        let index = ImageIndex(manifests: [attestation, image])
        #expect(try index.manifest(for: Platform(architecture: "arm64")) == image)
        let none = #expect(throws: Failure.self) {
            try ImageIndex(manifests: [attestation]).manifest(for: Platform(architecture: "arm64"))
        }
        #expect(none?.message == "no image for linux/arm64")
    }

    private var one: Digest { get throws { try Digest(hex: String(repeating: "1", count: 64)) } }

    private func layer(_ number: Int) throws -> ImageLayer {
        let digest = try Digest(of: [UInt8(number)])
        return ImageLayer(descriptor: Descriptor(mediaType: .layer, digest: digest, size: 1), diffID: digest)
    }

    private func baseImage(
        layers: Int, history: [(String, Bool)], first: Int = 0, type: MediaType = .layer
    ) throws -> Image {
        var builder = ImageBuilder(platform: Platform(architecture: "amd64"))
        for number in 0..<layers { builder.append(try layer(first + number)) }
        var configuration = try builder.image().configuration
        configuration.history = history.map { name, isEmpty in
            var entry = ImageConfiguration.History(created: "2020-01-01T00:00:00Z", createdBy: name)
            entry.emptyLayer = isEmpty ? true : nil
            return entry
        }
        let bytes = try CanonicalJSON.encode(configuration)
        var manifest = try builder.image().manifest
        for index in manifest.layers.indices { manifest.layers[index].mediaType = type }
        manifest.config = Descriptor(
            mediaType: .configuration, digest: try Digest(of: bytes), size: Int64(bytes.count))
        return try Image(manifestBytes: try CanonicalJSON.encode(manifest), configurationBytes: bytes)
    }
}
