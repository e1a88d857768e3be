import Diagnostics
import OCIImage

/// A place that has an image by a digest of its own.
struct FixedDestination: ImageDestination {
    let digest: Digest

    func write(_: Image, from _: any BlobSource, progress _: BlobProgress?) async throws(Failure) -> WriteOutcome {
        WriteOutcome(manifestDigest: digest, isUnchanged: false)
    }
}
