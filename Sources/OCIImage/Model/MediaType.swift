/// What some content is.
///
/// Mirrors the OCI image specification, "Media Types", and the types of Docker's image manifest version 2, schema 2.
package struct MediaType: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
    /// How a layer is compressed.
    package enum Compression: String, Sendable, Hashable, Codable, CaseIterable {
        case none, gzip, zstd
    }

    /// The type as it is written.
    package var rawValue: String

    /// Takes a type as it is written; unknown ones are fine.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// OCI image manifest.
    package static let manifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    /// OCI image index.
    package static let index = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    /// OCI image configuration.
    package static let configuration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    /// OCI layer: a plain tar.
    package static let layer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    /// OCI layer: a tar in gzip.
    package static let gzipLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    /// OCI layer: a tar in zstd.
    package static let zstdLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
    /// Docker's image manifest.
    package static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    /// Docker's list of manifests.
    package static let dockerIndex = MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    /// Docker's image configuration.
    package static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    /// Docker's layer: a plain tar.
    package static let dockerLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")
    /// Docker's layer: a tar in gzip.
    package static let dockerGzipLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")

    /// Whether it is an index, OCI's or Docker's.
    package var isIndex: Bool { self == .index || self == .dockerIndex }
    /// Whether it is an image manifest, OCI's or Docker's.
    package var isManifest: Bool { self == .manifest || self == .dockerManifest }

    /// How a layer of this type is compressed; `nil` for what is no layer.
    package var compression: Compression? {
        switch self {
        case .layer, .dockerLayer: Compression.none
        case .gzipLayer, .dockerGzipLayer: .gzip
        case .zstdLayer: .zstd
        default: nil
        }
    }

    /// The type of an OCI layer of some compression.
    package static func layer(_ compression: Compression) -> MediaType {
        switch compression {
        case .none: .layer
        case .gzip: .gzipLayer
        case .zstd: .zstdLayer
        }
    }

    /// The type as it is written.
    package var description: String { rawValue }

    /// Reads the type.
    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the type.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
