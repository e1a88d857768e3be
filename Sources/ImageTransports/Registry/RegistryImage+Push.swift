import Diagnostics
import OCIImage

extension RegistryImage: ImageDestination {
    /// Pushes the image: blobs the registry lacks first, several at once, and the manifest at the end.
    ///
    /// Plain layers are compressed, so the manifest is another one; image ID and diffIDs stay.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        let upload = RegistryUpload(destination: self, client: client, options: options, folder: folder)
        let pushed = try await upload.prepare(image, from: blobs)
        if try await upload.hasManifest(pushed.image, named: reference.layoutTag) {
            return WriteOutcome(manifestDigest: pushed.image.digest, isUnchanged: true)
        }
        try await upload.uploadBlobs(pushed, progress: progress)
        try await upload.putManifest(pushed.image, named: reference.layoutTag)
        return WriteOutcome(manifestDigest: pushed.image.digest, isUnchanged: false)
    }
}
