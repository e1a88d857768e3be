import Diagnostics
import Digests
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

/// Images from outside that ask for too much.
@Suite struct LimitTests {
    @Test(
        "sizes that no disk has, and sizes below zero, are refused",
        arguments: [Int64.max, Int64.max / 2, -1, Int64.min])
    func sizes(size: Int64) async throws {
        try await withTemporaryFolder { folder in
            let image = try await SampleImage.commit("x", to: ImageStore(root: folder), as: "x")
            var manifest = image.manifest
            for index in manifest.layers.indices { manifest.layers[index].size = size }
            let bytes = try CanonicalJSON.encode(manifest)
            let error = #expect(throws: Failure.self) {
                try Image(manifestBytes: bytes, configurationBytes: image.configurationBytes)
            }
            #expect(error?.code == .overLimit)
        }
    }

    @Test("a manifest of more than a thousand layers is refused")
    func layers() async throws {
        try await withTemporaryFolder { folder in
            let image = try await SampleImage.commit("x", to: ImageStore(root: folder), as: "x")
            var manifest = image.manifest
            manifest.layers = Array(repeating: try #require(manifest.layers.first), count: 1001)
            let bytes = try CanonicalJSON.encode(manifest)
            let error = #expect(throws: Failure.self) {
                try Image(manifestBytes: bytes, configurationBytes: image.configurationBytes)
            }
            #expect(error?.code == .overLimit)
        }
    }

    @Test("a document that is nested too deep is refused", arguments: [1000, 100_000])
    func nesting(depth: Int) {
        let bytes = Array(
            (String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)).utf8)
        let error = #expect(throws: Failure.self) {
            try CanonicalJSON.decode([String: OCIImage.JSONValue].self, from: bytes, what: "the document")
        }
        #expect(error?.message.contains("the document is not valid: ") == true, "\(error?.message ?? "")")
    }

    @Test(
        "an index may stand in another, four deep; deeper ones, and so those that lead to each other, are refused",
        arguments: [(1, true), (4, true), (5, false), (6, false)])
    func indexes(depth: Int, isFine: Bool) async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("x", to: store, as: "x")
            let layout = LayoutDirectory(folder.appending("layout"), tag: "x")
            try await layout.write(image, from: store, progress: nil)
            var inner = image.descriptor
            inner.platform = .current
            for _ in 0..<depth {
                let bytes = try CanonicalJSON.encode(ImageIndex(manifests: [inner]))
                let digest = try Digest(hex: try MessageDigest.hex(of: bytes))
                try layout.path.appending("blobs/sha256/\(digest.hex)").write(String(decoding: bytes, as: UTF8.self))
                inner = Descriptor(
                    mediaType: .index, digest: digest, size: Int64(bytes.count), platform: .current)
            }
            inner.annotations = [ImageIndex.referenceName: "x"]
            let top = try CanonicalJSON.encode(ImageIndex(manifests: [inner]))
            try layout.path.appending("index.json").write(String(decoding: top, as: UTF8.self))
            guard !isFine else { return #expect(try await layout.image().digest == image.digest) }
            let error = await #expect(throws: Failure.self) { try await layout.image() }
            #expect(error?.code == .overLimit)
        }
    }

    @Test("of several platforms the one that is asked for is read, and one that is not there is named")
    func platforms() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let layout = folder.appending("layout")
            var entries: [Descriptor] = []
            for architecture in ["amd64", "arm64"] {
                let transaction = try store.begin()
                var builder = ImageBuilder(platform: Platform(architecture: architecture))
                builder.configuration.created = "1980-01-01T00:00:01Z"
                let contents = LayerContents([.file([1], path: "/\(architecture)", mode: 0o644, owner: .root)])
                builder.append(try await transaction.addLayer(contents).layer)
                let image = try builder.image()
                try await transaction.commit(image, as: [try Reference(architecture)])
                try await LayoutDirectory(layout, tag: architecture).write(image, from: store, progress: nil)
                var entry = image.descriptor
                entry.platform = image.configuration.platform
                entries.append(entry)
            }
            let index = try CanonicalJSON.encode(ImageIndex(manifests: entries))
            let digest = try Digest(hex: try MessageDigest.hex(of: index))
            try layout.appending("blobs/sha256/\(digest.hex)").write(String(decoding: index, as: UTF8.self))
            var both = Descriptor(mediaType: .index, digest: digest, size: Int64(index.count))
            both.annotations = [ImageIndex.referenceName: "both"]
            let top = try CanonicalJSON.encode(ImageIndex(manifests: [both]))
            try layout.appending("index.json").write(String(decoding: top, as: UTF8.self))
            for text in ["linux/amd64", "linux/arm64", "linux/arm64/v8"] {
                let platform = try Platform(text)
                let image = try await LayoutDirectory(layout, tag: "both", platform: platform).image()
                #expect(image.configuration.architecture == platform.architecture)
            }
            let error = await #expect(throws: Failure.self) {
                try await LayoutDirectory(layout, tag: "both", platform: try Platform("linux/s390x")).image()
            }
            #expect(error?.message == "no image for linux/s390x, only for linux/amd64, linux/arm64")
        }
    }

    @Test("what is no platform is refused", arguments: ["", "linux", "linux/", "/amd64", "a/b/c/d"])
    func noPlatform(text: String) {
        let error = #expect(throws: Failure.self) { try Platform(text) }
        #expect(error?.message.contains("not a platform: \(text)") == true, "\(error?.message ?? "")")
    }

    @Test("names that lead out of the image, devices and links in a circle stay harmless")
    func harmful() async throws {
        try await withTemporaryFolder { folder in
            let script = """
                set -e
                mkdir in && cd in
                echo secret > file && mknod device c 1 3 && mkfifo pipe
                tar -cPf ../layer.tar --transform 's,^file,../../../outside,' file device pipe
                """
            _ = try await run("/bin/sh", ["-c", script], workingDirectory: folder).succeeded()
            let circle = MemorySink()
            let writer = TarWriter(sink: circle)
            try writer.add(TarEntry(path: "a", kind: .hardLink(target: "b"), mode: 0o644, owner: .root))
            try writer.add(TarEntry(path: "b", kind: .hardLink(target: "a"), mode: 0o644, owner: .root))
            try writer.finish()
            let layers = [try folder.appending("layer.tar").readBytes(), circle.bytes]
            let files = try await opened(layers, in: folder)
            let tree = try await files.mergedTree(through: 1)
            #expect(
                tree.children(of: .root).map { tree.name(of: $0) }.sorted() == ["a", "b", "device", "outside", "pipe"])
            #expect(try await files.content(of: "/outside", in: 0, limit: 100) == Array("secret\n".utf8))
            for path in ["/device", "/pipe"] {
                let error = await #expect(throws: Failure.self) {
                    try await files.content(of: path, in: 0, limit: 100)
                }
                #expect(error?.message.contains("\(path) is not a file") == true, "\(error?.message ?? "")")
            }
            let circular = await #expect(throws: Failure.self) {
                try await files.content(of: "/a", in: 1, limit: 100)
            }
            #expect(circular?.message.contains("a is not a file") == true, "\(circular?.message ?? "")")
        }
    }

    private func opened(_ layers: [[UInt8]], in folder: FilePath) async throws -> ImageFiles {
        var blobs: [Digest: [UInt8]] = [:]
        var builder = ImageBuilder()
        for bytes in layers {
            let digest = try Digest(hex: try MessageDigest.hex(of: bytes))
            blobs[digest] = bytes
            let descriptor = Descriptor(mediaType: .layer, digest: digest, size: Int64(bytes.count))
            builder.append(ImageLayer(descriptor: descriptor, diffID: digest))
        }
        return ImageFiles(try builder.image(), blobs: GivenBlobs(blobs: blobs))
    }
}

/// Blobs that lie in memory.
private struct GivenBlobs: BlobSource {
    let blobs: [Digest: [UInt8]]

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        .bytes(blobs[descriptor.digest] ?? [])
    }
}
