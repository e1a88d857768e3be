/// One layer of an image: its blob, and what it unpacks to.
package struct ImageLayer: Sendable, Hashable, Codable {
    /// The blob.
    package var descriptor: Descriptor
    /// The digest of the uncompressed tar.
    package var diffID: Digest

    package init(descriptor: Descriptor, diffID: Digest) {
        self.descriptor = descriptor
        self.diffID = diffID
    }
}
