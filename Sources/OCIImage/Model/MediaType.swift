/// What some content is.
///
/// Mirrors the OCI image specification, "Media Types", and the types of Docker's image manifest version 2, schema 2.
public struct MediaType: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
    /// How a layer is compressed.
    public enum Compression: String, Sendable, Hashable, Codable, CaseIterable {
        case none, gzip, zstd
    }

    /// The type as it is written.
    public var rawValue: String

    /// Takes a type as it is written; unknown ones are fine.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// OCI image manifest.
    public static let manifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    /// OCI image index.
    public static let index = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    /// OCI image configuration.
    public static let configuration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    /// OCI layer: a plain tar.
    public static let layer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    /// OCI layer: a tar in gzip.
    public static let gzipLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    /// OCI layer: a tar in zstd.
    public static let zstdLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
    /// Docker's image manifest.
    public static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    /// Docker's list of manifests.
    public static let dockerIndex = MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    /// Docker's image configuration.
    public static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    /// Docker's layer: a plain tar.
    public static let dockerLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")
    /// Docker's layer: a tar in gzip.
    public static let dockerGzipLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")

    /// Whether it is an index, OCI's or Docker's.
    public var isIndex: Bool { self == .index || self == .dockerIndex }
    /// Whether it is an image manifest, OCI's or Docker's.
    public var isManifest: Bool { self == .manifest || self == .dockerManifest }

    /// How a layer of this type is compressed; `nil` for what is no layer.
    public var compression: Compression? {
        switch self {
        case .layer, .dockerLayer: Compression.none
        case .gzipLayer, .dockerGzipLayer: .gzip
        case .zstdLayer: .zstd
        default: nil
        }
    }

    /// The type of an OCI layer of some compression.
    public static func layer(_ compression: Compression) -> MediaType {
        switch compression {
        case .none: .layer
        case .gzip: .gzipLayer
        case .zstd: .zstdLayer
        }
    }

    /// The type as it is written.
    public var description: String { rawValue }

    /// Reads the type.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the type.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
