import Diagnostics

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
}

/// Told how many bytes of how many are written.
package typealias BlobProgress = @Sendable (_ done: Int64, _ total: Int64) -> Void

/// What a write did.
package struct WriteOutcome: Sendable, Hashable {
    /// The digest of the manifest as it stands at the place; another than the image's where blobs were compressed.
    package var manifestDigest: Digest
    /// Whether the place had the image already, so that nothing was written.
    package var isUnchanged: Bool
    /// The image's ID there, where the place has IDs of its own; Docker on containerd's store takes the manifest's digest.
    package var imageID: Digest?

    package init(manifestDigest: Digest, isUnchanged: Bool, imageID: Digest? = nil) {
        self.manifestDigest = manifestDigest
        self.isUnchanged = isUnchanged
        self.imageID = imageID
    }
}
