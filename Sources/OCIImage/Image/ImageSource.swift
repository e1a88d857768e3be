import Diagnostics

/// Has the blobs of images.
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
