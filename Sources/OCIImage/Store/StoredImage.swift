/// One image of the store, in brief.
public struct StoredImage: Sendable, Hashable {
    /// Its name.
    public var reference: Reference
    /// The digest of its manifest.
    public var digest: Digest
    /// The image ID.
    public var id: Digest
    /// The size of its layers in bytes.
    public var size: Int64
    /// When it was written here, in seconds since 1970.
    public var time: Int64

    /// Creates an entry.
    public init(reference: Reference, digest: Digest, id: Digest, size: Int64, time: Int64) {
        self.reference = reference
        self.digest = digest
        self.id = id
        self.size = size
        self.time = time
    }
}
