/// An image's configuration: how it runs, and what its layers unpack to.
///
/// Mirrors the OCI image specification, "Image Configuration". Fields it does not know are kept as they were.
package struct ImageConfiguration: Sendable, Hashable {
    /// When it was made, in RFC 3339.
    package var created: String?
    /// Who made it.
    package var author: String?
    /// The processor, in Go's words.
    package var architecture: String
    /// The operating system, in Go's words.
    package var os: String
    /// The version of the operating system; rarely given on Linux.
    package var osVersion: String?
    /// The variant of the processor.
    package var variant: String?
    /// How a container of it runs.
    package var config: ContainerConfiguration
    /// The digests of the uncompressed layers, from the bottom up.
    package var rootfs: RootFilesystem
    /// How each layer came to be.
    package var history: [History]
    /// The fields that are not listed here.
    package var otherFields: [String: JSONValue]

    /// Creates a configuration without layers.
    package init(platform: Platform = .current, created: String? = nil) {
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
    package var platform: Platform { Platform(architecture: architecture, os: os, variant: variant) }

    /// The digests of the uncompressed layers.
    package struct RootFilesystem: Sendable, Hashable, Codable {
        /// Always `layers`.
        package var type: String
        /// The digests, from the bottom up.
        package var diffIDs: [Digest]

        /// Creates a list; by default an empty one.
        package init(diffIDs: [Digest] = []) {
            type = "layers"
            self.diffIDs = diffIDs
        }

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// How one layer, or a step without a layer, came to be.
    package struct History: Sendable, Hashable, Codable {
        /// When, in RFC 3339.
        package var created: String?
        /// By what.
        package var createdBy: String?
        /// By whom.
        package var author: String?
        /// A remark.
        package var comment: String?
        /// Whether the step made no layer.
        package var emptyLayer: Bool?

        /// Creates an entry for a layer.
        package init(created: String? = nil, createdBy: String? = nil, comment: String? = nil) {
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
