import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// A cache of layers as an image: its layers are those of the cache, its label says which is which
/// ([CNB Platform specification, Cache](https://github.com/buildpacks/spec/blob/main/platform.md#cache)).
struct LayerCacheImage {
    let name: Reference
    /// The folder of the cache that `LayerCache` reads and writes.
    let volume: FilePath
    let services: PlatformServices

    private var committed: FilePath { volume.appending("committed") }

    /// Fills the folder from the image; without an image the cache is empty.
    func read() async throws {
        guard let (image, blobs) = try await services.existing(.registry(name)) else { return }
        try committed.makeFolders()
        for layer in image.layers {
            try Task.checkCancellation()
            let sink = try FileSink(creating: file(of: layer.diffID))
            let content = try await blobs.blob(layer.descriptor)
            if layer.descriptor.mediaType.compression == MediaType.Compression.none {
                try content.write(to: sink)
            } else {
                try Decompression.copy(content.input, to: sink, limit: TarLimits().totalSize)
            }
            try sink.finish()
        }
        let text = image.configuration.config.labels[CacheMetadata.fileName] ?? "{}"
        try committed.appending(CacheMetadata.fileName).replace(with: text.utf8)
    }

    /// Writes the image from the folder.
    func write() async throws {
        let metadata = CacheMetadata(in: committed)
        let digests = metadata.buildpacks.flatMap(\.layers.values).map(\.sha) + [metadata.sbom?.sha].compactMap(\.self)
        var builder = ImageBuilder()
        builder.configuration.created = CreationTime.fixedText
        for digest in try Set(digests).sorted().map({ try Digest($0) }) {
            guard let size = file(of: digest).fileSize else { continue }
            builder.append(
                ImageLayer(
                    descriptor: Descriptor(mediaType: .layer, digest: digest, size: size), diffID: digest))
        }
        builder.configuration.config.labels[CacheMetadata.fileName] = try CanonicalJSON.text(metadata)
        let image = try builder.image()
        let destination = try await services.destination(.registry(name), name)
        try await destination.write(image, from: VolumeBlobs(image: image, file: file), progress: nil)
    }

    private func file(of digest: Digest) -> FilePath { committed.appending("\(digest).tar") }
}

/// The tars of a cache's folder as blobs.
private struct VolumeBlobs: BlobSource {
    let image: Image
    let file: @Sendable (Digest) -> FilePath

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        if descriptor.digest == image.id { return .bytes(image.configurationBytes) }
        if descriptor.digest == image.digest { return .bytes(image.manifestBytes) }
        return .file(file(descriptor.digest), offset: 0, size: descriptor.size)
    }
}
