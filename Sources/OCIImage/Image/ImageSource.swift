import Diagnostics

package protocol BlobSource: Sendable {
    /// Gives a blob. The bytes are not yet checked against the digest: who takes them from outside the machine checks them.
    /// - Throws: `Failure` of code `notFound` where it has no such blob.
    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent
}

/// A place that an image can be read from: a layout, an archive, an engine, a registry.
package protocol ImageSource: BlobSource {
    /// Reads the image's manifest and configuration.
    /// - Throws: `Failure` of code `notFound` where there is no image.
    func image() async throws(Failure) -> Image
}

/// A place that an image can be written to.
///
/// The image becomes visible at the very end, at once; a write that fails or is cancelled leaves the place as it was.
package protocol ImageDestination: Sendable {
    /// Writes an image whose blobs come from a source.
    /// - Parameter progress: told how many bytes of how many are done; called from any thread, not more than some times a second.
    /// - Throws: `Failure`; also `CancellationError`'s place is taken by one of code `inputOutput`.
    @discardableResult
    func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome

    /// Writes the images of several platforms under one name; a place that holds one image gets the one for this machine.
    @discardableResult
    func write(
        _ images: MultiPlatformImage, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome
}

extension ImageDestination {
    @discardableResult
    package func write(
        _ images: MultiPlatformImage, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        try await write(images.image(), from: blobs, progress: progress)
    }
}

/// Told how many bytes of how many are written.
package typealias BlobProgress = @Sendable (_ done: Int64, _ total: Int64) -> Void

package struct WriteOutcome: Sendable, Hashable {
    /// The digest of the manifest as it stands at the place; another than the image's where blobs were compressed.
    package var manifestDigest: Digest
    /// The digests of the manifests of an index's images as they stand there, in their order; empty for one image.
    package var imageDigests: [Digest] = []
    /// Whether the place had the image already, so that nothing was written.
    package var isUnchanged: Bool
    /// The size of that manifest in bytes, where it is known: of one image in a registry.
    package var manifestSize: Int64?
    /// The image's ID there, if the place has IDs of its own; Docker on containerd's store uses the manifest's digest.
    package var imageID: Digest?

    package init(manifestDigest: Digest, isUnchanged: Bool, manifestSize: Int64? = nil, imageID: Digest? = nil) {
        self.manifestSize = manifestSize
        self.manifestDigest = manifestDigest
        self.isUnchanged = isUnchanged
        self.imageID = imageID
    }
}
