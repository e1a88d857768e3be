/// An image's configuration: how it runs, and what its layers unpack to.
///
/// Mirrors the
/// [OCI image specification, Image Configuration](https://github.com/opencontainers/image-spec/blob/main/config.md).
/// Fields it does not know are kept as they were.
package struct ImageConfiguration: Sendable, Hashable {
    /// When it was made, in RFC 3339.
    package var created: String?
    package var author: String?
    /// The processor, in Go's words.
    package var architecture: String
    /// The operating system, in Go's words.
    package var os: String
    /// The version of the operating system; rarely given on Linux.
    package var osVersion: String?
    package var variant: String?
    package var config = ContainerConfiguration()
    /// The digests of the uncompressed layers, from the bottom up.
    package var rootfs = RootFilesystem()
    /// How each layer came to be.
    package var history: [History] = []
    /// The fields that are not listed here.
    package var otherFields: [String: JSONValue] = [:]

    package init(platform: Platform = .current, created: String? = nil) {
        self.created = created
        architecture = platform.architecture
        os = platform.os
        variant = platform.variant
    }

    package var platform: Platform { Platform(architecture: architecture, os: os, variant: variant) }

    /// The digests of the uncompressed layers.
    package struct RootFilesystem: Sendable, Hashable, Codable {
        /// Always `layers`.
        package var type = "layers"
        /// The digests, from the bottom up.
        package var diffIDs: [Digest] = []

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// How one layer, or a step without a layer, came to be.
    package struct History: Sendable, Hashable, Codable {
        /// When, in RFC 3339.
        package var created: String?
        package var createdBy: String?
        package var author: String?
        package var comment: String?
        /// Whether the step made no layer.
        package var emptyLayer: Bool?

        package init(created: String? = nil, createdBy: String? = nil) {
            self.created = created
            self.createdBy = createdBy
        }

        enum CodingKeys: String, CodingKey {
            case created, author, comment
            case createdBy = "created_by"
            case emptyLayer = "empty_layer"
        }
    }
}

extension ImageConfiguration: Codable {
    private static let fields: Set<String> = [
        "created", "author", "architecture", "os", "os.version", "variant", "config", "rootfs", "history",
    ]

    /// Reads a configuration; `config`, `rootfs` and `history` may be missing.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: FieldName.self)
        created = try fields.value("created")
        author = try fields.value("author")
        architecture = try fields.value("architecture") ?? ""
        os = try fields.value("os") ?? ""
        osVersion = try fields.value("os.version")
        variant = try fields.value("variant")
        config = try fields.value("config") ?? ContainerConfiguration()
        rootfs = try fields.value("rootfs") ?? RootFilesystem()
        history = try fields.value("history") ?? []
        otherFields = try fields.others(than: Self.fields)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try fields.set("created", created)
        try fields.set("author", author)
        try fields.set("architecture", architecture)
        try fields.set("os", os)
        try fields.set("os.version", osVersion)
        try fields.set("variant", variant)
        try fields.set("config", config)
        try fields.set("rootfs", rootfs)
        try fields.set("history", history)
        try fields.set(otherFields)
    }
}
