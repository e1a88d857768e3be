/// One layer of an image: its blob, and what it unpacks to.
public struct ImageLayer: Sendable, Hashable, Codable {
    /// The blob.
    public var descriptor: Descriptor
    /// The digest of the uncompressed tar.
    public var diffID: Digest

    /// Creates a layer.
    public init(descriptor: Descriptor, diffID: Digest) {
        self.descriptor = descriptor
        self.diffID = diffID
    }
}
