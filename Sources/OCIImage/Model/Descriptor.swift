import Diagnostics

/// Names some content: its type, digest and size.
///
/// Mirrors the
/// [OCI image specification](https://github.com/opencontainers/image-spec/blob/main/descriptor.md).
package struct Descriptor: Sendable, Hashable, Codable {
    package var mediaType: MediaType
    package var digest: Digest
    package var size: Int64
    package var annotations: [String: String]?
    /// What it runs on; in indexes.
    package var platform: Platform?

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
    /// Describes some bytes.
    package init(_ mediaType: MediaType, of bytes: [UInt8]) throws(Failure) {
        self.init(mediaType: mediaType, digest: try Digest(of: bytes), size: Int64(bytes.count))
    }

    /// The same content under OCI's media type.
    package var ociDescriptor: Descriptor {
        var descriptor = self
        descriptor.mediaType = mediaType.ociType
        return descriptor
    }

    /// The name that an entry of a layout's index bears.
    package var layoutName: String? { annotations?[ImageIndex.referenceName] }
}
