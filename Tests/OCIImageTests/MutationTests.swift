import Diagnostics
import Digests
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

/// Texts and documents with changes to them are taken or refused, and never crash.
@Suite struct MutationTests {
    @Test(
        "a changed name is refused, or is the same after it was written and read again",
        arguments: ["my-image:1.2", "localhost:5000/a/b__c:x", "r.io/x@sha256:" + String(repeating: "ab", count: 32)])
    func reference(text: String) throws {
        var count = 0
        for bytes in Mutations(of: Array(text.utf8), rounds: 3000) {
            guard let reference = try? Reference(String(decoding: bytes, as: UTF8.self)) else { continue }
            #expect(try Reference(reference.description) == reference)
            #expect(!reference.layoutPath.components.contains(".."), "\(reference)")
            _ = reference.fullName
            count += 1
        }
        #expect((1..<3000).contains(count))
    }

    @Test("a changed manifest or configuration is refused, or is an image with sizes that can be added up")
    func image() async throws {
        try await withTemporaryFolder { folder in
            let image = try await SampleImage.commit("x", to: ImageStore(root: folder), as: "x")
            var count = 0
            for bytes in Mutations(of: image.manifestBytes, rounds: 3000) {
                guard let read = try? Image(manifestBytes: bytes, configurationBytes: image.configurationBytes) else {
                    continue
                }
                #expect(read.size >= 0)
                count += 1
            }
            #expect((1..<3000).contains(count))
            count = 0
            for bytes in Mutations(of: image.configurationBytes, rounds: 3000) {
                guard let digest = try? Digest(hex: try MessageDigest.hex(of: bytes)) else { continue }
                var manifest = image.manifest
                manifest.config.digest = digest
                let document = try CanonicalJSON.encode(manifest)
                guard let read = try? Image(manifestBytes: document, configurationBytes: bytes) else { continue }
                #expect(read.layers.map(\.descriptor) == manifest.layers)
                count += 1
            }
            #expect((1..<3000).contains(count))
        }
    }

    @Test("the files of a changed layer are listed or refused")
    func files() async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let image = try await SampleImage.commit("x", to: store, as: "x")
            let layer = try #require(image.layers.last)
            let sink = MemorySink()
            try await store.blob(layer.descriptor).write(to: sink)
            var count = 0
            for bytes in Mutations(of: sink.bytes, rounds: 1000) {
                let limits = TarLimits(entries: 1000, totalSize: 1 << 24)
                let files = ImageFiles(image, blobs: ChangedBlobs(bytes: bytes), limits: limits)
                guard let tree = try? await files.mergedTree(through: image.layers.count - 1) else { continue }
                count += 1
                for child in tree.children(of: .root).prefix(20) {
                    _ = try? await files.content(
                        of: tree.path(of: child), in: image.layers.count - 1, limit: 1 << 16)
                }
            }
            #expect((1..<1000).contains(count))
        }
    }
}

/// Every blob is the same changed one.
private struct ChangedBlobs: BlobSource {
    let bytes: [UInt8]

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent { .bytes(bytes) }
}
