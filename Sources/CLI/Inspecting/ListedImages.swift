import Diagnostics
import ImageTransports
import OCIImage

/// What a name leads to that has images for several platforms.
struct ListedImages {
    let index: ImageIndex
    let digest: Digest
    /// The name that, with a digest behind it, leads to one of them; `nil` at a place that knows no digests.
    var name: String?

    /// A line for each image, with its platform.
    var text: String {
        let images = index.manifests.map { entry in
            "  \((entry.platform?.description ?? "no platform").padding(to: 16)) \(entry.digest)"
        }
        let count = index.manifests.count == 1 ? "1 image" : "\(index.manifests.count) images"
        return (["index \(digest), \(count); --platform shows another one"] + images).joined(separator: "\n")
    }

    /// For JSON.
    var document: Document {
        Document(
            digest: digest.description,
            images: index.manifests.map {
                Document.Image(
                    platform: $0.platform?.description, digest: $0.digest.description, size: $0.size)
            })
    }

    struct Document: Encodable {
        struct Image: Encodable {
            var platform: String?
            var digest: String
            /// The size of the manifest, in bytes.
            var size: Int64
        }
        var digest: String
        var images: [Image]
    }

    /// Whether one of them is for this machine.
    var hasOwn: Bool { (try? index.manifest(for: .current)) != nil }
}

extension Wiring {
    /// The index at a place; `nil` if there is an image.
    func index(at place: String) async throws -> ListedImages? {
        let found: (index: ImageIndex, digest: Digest)?
        var plain: String?
        switch (try? ImagePlace(place))?.absolute(machine) {
        case .registry(let name):
            found = try await places.registry(name).index()
            plain = name.digest == nil ? "docker://\(name)" : nil
        case .layout(let path, let tag): found = try LayoutDirectory(path, tag: tag).nestedIndex()
        case .layoutArchive(let file): found = try places.archive(file).nestedIndex()
        case .dockerArchive, .engine, .store: found = nil
        case nil:
            let name = try Reference(place).plain
            found = try images(named: name).map { ($0.index, $0.digest) }
            plain = name
        }
        return found.map { ListedImages(index: $0.index, digest: $0.digest, name: plain) }
    }
}

extension Wiring {
    /// What a rebase takes from a place.
    struct FoundImages {
        /// The one for this machine, or the first.
        let image: Image
        /// Those of all platforms; `nil` is one alone.
        let images: MultiPlatformImage?
        let blobs: any BlobSource
    }

    /// The images of all platforms at a place, or of a name of the image store.
    /// - Throws: `Failure` of code `unsupported` for an index with something else than images in it.
    func images(at place: String) async throws -> FoundImages {
        guard let listed = try await index(at: place) else {
            let (image, blobs) = try await image(at: place)
            return FoundImages(image: image, images: nil, blobs: blobs)
        }
        var all: [Image] = []
        var blobs = GatheredBlobs()
        for entry in listed.index.manifests {
            guard let platform = entry.platform, platform.os != "unknown" else {
                throw Failure(
                    .unsupported, "\(place) has more than images in it: \(entry.digest) is for no platform",
                    advice: "name one of its images by its digest, and make the index again: mixpack index")
            }
            var wiring = self
            wiring.platform = platform
            let found = try await wiring.image(at: place)
            all.append(found.image)
            blobs.add(found.image, found.blobs)
        }
        let images = try MultiPlatformImage(all)
        return FoundImages(image: images.image(), images: images, blobs: blobs)
    }
}

/// The blobs of several images, each from where its image is.
private struct GatheredBlobs: BlobSource {
    private var sources: [Digest: any BlobSource] = [:]

    mutating func add(_ image: Image, _ source: any BlobSource) {
        for descriptor in [image.manifest.config] + image.manifest.layers { sources[descriptor.digest] = source }
    }

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        guard let source = sources[descriptor.digest] else {
            throw Failure(.notFound, "no image has the blob \(descriptor.digest)")
        }
        return try await source.blob(descriptor)
    }
}

extension ImagePlace {
    /// A line that names the registry, if the user left it out.
    var registryLine: String? {
        guard case .registry(let name) = self, name.registry == nil else { return nil }
        return "docker://\(name) is \(name.engineName)"
    }
}
