import Diagnostics

/// The images of one application for several platforms, and the index that has them all under one name.
///
/// Mirrors the
/// [OCI image specification, Image Index](https://github.com/opencontainers/image-spec/blob/main/image-index.md).
package struct MultiPlatformImage: Sendable, Hashable {
    /// The images, in the order of the index; one or more.
    package let images: [Image]
    package let index: ImageIndex
    /// The index's digest and size.
    package let descriptor: Descriptor
    package let bytes: [UInt8]

    /// Makes the index: the same images in the same order always give the same bytes.
    /// - Throws: `Failure` of code `usage` for no image, or two of one platform: whoever pulls could get either.
    package init(_ images: [Image]) throws(Failure) {
        guard !images.isEmpty else { throw Failure(.usage, "an index needs an image") }
        for (position, image) in images.enumerated() {
            let platform = image.configuration.platform
            guard !images[..<position].contains(where: { $0.configuration.platform == platform }) else {
                throw Failure(.usage, "two images are for \(platform)")
            }
        }
        let entries = images.map { image in
            var entry = image.descriptor
            entry.platform = image.configuration.platform
            return entry
        }
        index = ImageIndex(manifests: entries)
        bytes = try CanonicalJSON.encode(index)
        descriptor = try Descriptor(.index, of: bytes)
        self.images = images
    }

    package var digest: Digest { descriptor.digest }
    package var platforms: [Platform] { images.map(\.configuration.platform) }

    /// The image that a machine takes; the first where there is none for it.
    package func image(for platform: Platform = .current) -> Image {
        images.first { image in
            let offered = image.configuration.platform
            return offered.os == platform.os && offered.architecture == platform.architecture
        } ?? images[0]
    }
}

/// What stands under one name: an image, or the images of several platforms.
package struct NamedContent: Sendable {
    /// What the name leads to.
    package let entry: Descriptor
    /// The layers, each once.
    package let layers: [Descriptor]
    /// Manifests and configurations, and the index.
    package let documents: [(descriptor: Descriptor, bytes: [UInt8])]

    package init(_ image: Image) {
        self.init([image], entry: image.descriptor, more: [])
    }

    package init(_ images: MultiPlatformImage) {
        self.init(images.images, entry: images.descriptor, more: [(images.descriptor, images.bytes)])
    }

    private init(_ images: [Image], entry: Descriptor, more: [(descriptor: Descriptor, bytes: [UInt8])]) {
        self.entry = entry
        var known: Set<Digest> = []
        layers = images.flatMap(\.manifest.layers).filter { known.insert($0.digest).inserted }
        documents =
            images.flatMap { image in
                [(image.manifest.config, image.configurationBytes), (image.descriptor, image.manifestBytes)]
            } + more
    }

    /// Everything that it is made of.
    var blobs: [Descriptor] { layers + documents.map(\.descriptor) }
    /// The size of the layers' blobs in bytes.
    package var size: Int64 { layers.reduce(0) { $0 + $1.size } }
}
