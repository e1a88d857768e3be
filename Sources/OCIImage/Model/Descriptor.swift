/// Names some content: its type, digest and size.
///
/// Mirrors the OCI image specification, "Content Descriptors".
public struct Descriptor: Sendable, Hashable, Codable {
    /// What the content is.
    public var mediaType: MediaType
    /// Its digest.
    public var digest: Digest
    /// Its size in bytes.
    public var size: Int64
    /// More about it.
    public var annotations: [String: String]?
    /// What it runs on; in indexes.
    public var platform: Platform?

    /// Creates a descriptor; by default without annotations and platform.
    public init(
        mediaType: MediaType, digest: Digest, size: Int64, annotations: [String: String]? = nil,
        platform: Platform? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.annotations = annotations
        self.platform = platform
    }
}
