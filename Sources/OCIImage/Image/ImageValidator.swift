import LayerArchive

/// Checks an image by reading all of it: every blob's size and digest, and that what the parts say of each other is true.
///
/// Every test that writes an image runs it.
public struct ImageValidator: Sendable {
    /// Creates a validator.
    public init() {}

    /// Checks an image.
    /// - Throws: `ImageError` that names the first blob that is missing or wrong.
    public func validate(_ image: Image, blobs: any BlobSource) async throws(ImageError) {
        let read = try Image(manifestBytes: image.manifestBytes, configurationBytes: image.configurationBytes)
        guard read == image else { throw ImageError(.malformed, "the image is not what its bytes say") }
        guard image.manifest.config.size == Int64(image.configurationBytes.count) else {
            throw ImageError(.digestMismatch, "the configuration is not of the size that the manifest says")
        }
        for layer in image.layers {
            try check(layer, try await blobs.blob(layer.descriptor))
        }
    }

    private func check(_ layer: ImageLayer, _ content: BlobContent) throws(ImageError) {
        let descriptor = layer.descriptor
        let found = try archiving { () throws(ArchiveError) in
            let sink = try DigestSink()
            try content.write(to: sink)
            try sink.finish()
            return (digest: sink.digest ?? "", size: sink.count)
        }
        guard found.digest == descriptor.digest.hex, found.size == descriptor.size else {
            throw ImageError(
                .digestMismatch, "the layer \(descriptor.digest) is sha256:\(found.digest), \(found.size) bytes")
        }
        guard descriptor.mediaType.compression != MediaType.Compression.none || layer.diffID == descriptor.digest else {
            throw ImageError(.digestMismatch, "the plain layer \(descriptor.digest) says it unpacks to \(layer.diffID)")
        }
    }
}
