/// An image's configuration: how it runs, and what its layers unpack to.
///
/// Mirrors the OCI image specification, "Image Configuration". Fields it does not know are kept as they were.
public struct ImageConfiguration: Sendable, Hashable {
    /// When it was made, in RFC 3339.
    public var created: String?
    /// Who made it.
    public var author: String?
    /// The processor, in Go's words.
    public var architecture: String
    /// The operating system, in Go's words.
    public var os: String
    /// The version of the operating system; rarely given on Linux.
    public var osVersion: String?
    /// The variant of the processor.
    public var variant: String?
    /// How a container of it runs.
    public var config: ContainerConfiguration
    /// The digests of the uncompressed layers, from the bottom up.
    public var rootfs: RootFilesystem
    /// How each layer came to be.
    public var history: [History]
    /// The fields that are not listed here.
    public var otherFields: [String: JSONValue]

    /// Creates a configuration without layers.
    public init(platform: Platform = .current, created: String? = nil) {
        self.created = created
        architecture = platform.architecture
        os = platform.os
        variant = platform.variant
        config = ContainerConfiguration()
        rootfs = RootFilesystem()
        history = []
        otherFields = [:]
    }

    /// What it runs on.
    public var platform: Platform { Platform(architecture: architecture, os: os, variant: variant) }

    /// The digests of the uncompressed layers.
    public struct RootFilesystem: Sendable, Hashable, Codable {
        /// Always `layers`.
        public var type: String
        /// The digests, from the bottom up.
        public var diffIDs: [Digest]

        /// Creates a list; by default an empty one.
        public init(diffIDs: [Digest] = []) {
            type = "layers"
            self.diffIDs = diffIDs
        }

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// How one layer, or a step without a layer, came to be.
    public struct History: Sendable, Hashable, Codable {
        /// When, in RFC 3339.
        public var created: String?
        /// By what.
        public var createdBy: String?
        /// By whom.
        public var author: String?
        /// A remark.
        public var comment: String?
        /// Whether the step made no layer.
        public var emptyLayer: Bool?

        /// Creates an entry for a layer.
        public init(created: String? = nil, createdBy: String? = nil, comment: String? = nil) {
            self.created = created
            self.createdBy = createdBy
            self.comment = comment
        }

        enum CodingKeys: String, CodingKey {
            case created, author, comment
            case createdBy = "created_by"
            case emptyLayer = "empty_layer"
        }
    }
}
