import Diagnostics
import LayerArchive

/// Checks an image by reading all of it: every blob's size and digest, and that what the parts say of each other is true.
///
/// Every test that writes an image runs it.
package struct ImageValidator: Sendable {
    private let limits: TarLimits

    /// Creates a validator; the limits hold for each layer.
    package init(limits: TarLimits = TarLimits()) { self.limits = limits }

    /// Checks an image.
    /// - Throws: `Failure` that names the first blob that is missing or wrong.
    package func validate(_ image: Image, blobs: any BlobSource) async throws(Failure) {
        let read = try Image(manifestBytes: image.manifestBytes, configurationBytes: image.configurationBytes)
        guard read == image else { throw Failure(.malformed, "the image does not match its bytes") }
        guard image.manifest.config.size == Int64(image.configurationBytes.count) else {
            throw Failure(.digestMismatch, "the size of the configuration is not the one in the manifest")
        }
        for layer in image.layers {
            try check(layer, try await blobs.blob(layer.descriptor))
        }
    }

    private func check(_ layer: ImageLayer, _ content: BlobContent) throws(Failure) {
        let descriptor = layer.descriptor
        let found = try content.measured()
        guard found.digest == descriptor.digest.hex, found.size == descriptor.size else {
            throw Failure(
                .digestMismatch, "the layer \(descriptor.digest) is sha256:\(found.digest), \(found.size) bytes")
        }
        guard let compression = descriptor.mediaType.compression else { return }
        let plain = compression == .none ? found.digest : try plainDigest(content)
        guard plain == layer.diffID.hex else {
            throw Failure(
                .digestMismatch, "the layer \(descriptor.digest) unpacks to sha256:\(plain), not \(layer.diffID)")
        }
    }

    private func plainDigest(_ content: BlobContent) throws(Failure) -> String {
        let sink = try DigestSink()
        try Decompression.copy(content.input, to: sink, limit: limits.totalSize)
        try sink.finish()
        return sink.digest ?? ""
    }
}
