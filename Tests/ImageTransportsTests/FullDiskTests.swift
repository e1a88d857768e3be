import Diagnostics
import ImageTransports
import OCIImage
import SystemPackage
import TestSupport
import Testing

/// A disk that is full: an error that says so, and no partial image.
@Suite struct FullDiskTests {
    @Test("a pull that fills the disk leaves no image, no blob and no scratch file")
    func pull() async throws {
        try await withRegistry { registry, folder in
            let sample = try await large(in: folder)
            try await registryPlace(registry, folder, .none).write(sample.image, from: sample.store, progress: nil)
            try await withSmallDisk(kilobytes: 512) { disk in
                let store = ImageStore(root: disk.appending("store"))
                let error = await #expect(throws: Failure.self) {
                    let source = try registryPlace(registry, disk, .none)
                    let image = try await source.image()
                    try await StorePlace(store, try Reference("pulled")).write(image, from: source, progress: nil)
                }
                #expect(error?.code == .unwritable)
                #expect(error?.message.lowercased().contains("no space left") == true)
                #expect(try store.image(for: try Reference("pulled")) == nil)
                let left = try disk.tree().filter { path in
                    path.contains("scratch-") || path.hasPrefix("store/blobs/sha256/")
                }
                #expect(left.isEmpty)
            }
        }
    }

    @Test("a push that has no room to compress moves no tag")
    func push() async throws {
        try await withRegistry { registry, folder in
            let old = try await SampleImage("old", in: ImageStore(root: folder.appending("store")))
            let sample = try await large(in: folder)
            try await registryPlace(registry, folder, .gzip).write(old.image, from: old.store, progress: nil)
            try await withSmallDisk(kilobytes: 64) { disk in
                let error = await #expect(throws: Failure.self) {
                    try await registryPlace(registry, disk, .gzip)
                        .write(sample.image, from: sample.store, progress: nil)
                }
                #expect(error?.code == .unwritable)
                let left = try disk.appending("tmp").names()
                #expect(left.isEmpty)
            }
            #expect(try await registryPlace(registry, folder, .gzip).image().id == old.image.id)
        }
    }

    @Test(
        "a place on a full disk keeps what it had, and nothing else",
        arguments: ["oci", "oci-archive", "docker-archive"])
    func places(kind: String) async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let old = try await SampleImage("old", in: store, name: "old")
            let sample = try await large(in: folder)
            try await withSmallDisk(kilobytes: 256) { disk in
                let places = ImagePlaces(
                    store: store, environment: [:], engines: .only(.socket("/no.sock")),
                    temporaryFolder: folder.appending("tmp"))
                let place = try ImagePlace(kind == "oci" ? "oci:\(disk)/x:1" : "\(kind):\(disk)/x")
                let target = try await places.destination(place, name: try Reference("x:1"))
                try await target.write(old.image, from: store, progress: nil)
                let before = try disk.tree()
                let error = await #expect(throws: Failure.self) {
                    try await target.write(sample.image, from: store, progress: nil)
                }
                #expect(error?.code == .unwritable)
                let source = try await places.source(place)
                let image = try await source.image()
                #expect(image.id == old.image.id)
                try await ImageValidator().validate(image, blobs: source)
                // The lowest layer is the same in both images.
                #expect(try disk.tree() == before)
            }
        }
    }

    /// An image with a layer of a megabyte that cannot be compressed by much.
    private func large(in folder: FilePath) async throws -> SampleImage {
        var state: UInt64 = 88_172_645_463_325_252
        var text = ""
        while text.utf8.count < 1_000_000 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            text += String(state, radix: 36)
        }
        return try await SampleImage(text, in: ImageStore(root: folder.appending("store")), name: "large")
    }

    private func registryPlace(
        _ registry: RegistryService, _ folder: FilePath, _ compression: MediaType.Compression
    ) throws -> RegistryImage {
        var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
        options.insecure = [registry.host]
        options.compression = compression
        options.retry = RetryPolicy(wait: { _ in })
        return RegistryImage(
            try Reference("\(registry.host)/app:1"), options: options, temporaryFolder: folder.appending("tmp"))
    }
}
