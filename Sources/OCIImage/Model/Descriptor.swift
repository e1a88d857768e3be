/// Names some content: its type, digest and size.
///
/// Mirrors the OCI image specification, "Content Descriptors".
package struct Descriptor: Sendable, Hashable, Codable {
    /// What the content is.
    package var mediaType: MediaType
    package var digest: Digest
    /// Its size in bytes.
    package var size: Int64
    /// More about it.
    package var annotations: [String: String]?
    /// What it runs on; in indexes.
    package var platform: Platform?

    /// Creates a descriptor; by default without annotations and platform.
    package init(
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
