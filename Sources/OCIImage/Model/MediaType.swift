/// What some content is.
///
/// Mirrors the
/// [OCI image specification, Media Types](https://github.com/opencontainers/image-spec/blob/main/media-types.md),
/// and the types of Docker's image manifest version 2, schema 2.
package struct MediaType: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
    /// How a layer is compressed.
    package enum Compression: String, Sendable, Hashable, Codable, CaseIterable {
        case none, gzip, zstd
    }

    package var rawValue: String

    /// Takes a type as it is written; unknown ones are fine.
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let manifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    package static let index = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    package static let configuration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    package static let layer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    package static let gzipLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    package static let zstdLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
    package static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerIndex = MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    package static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    package static let dockerLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")
    package static let dockerGzipLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")
    /// What podman and buildkit write where they compress a Docker image with zstd.
    package static let dockerZstdLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.zstd")
    package static let dockerForeignLayer = MediaType(
        rawValue: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")

    /// Whether it is an index, OCI's or Docker's.
    package var isIndex: Bool { self == .index || self == .dockerIndex }
    /// Whether it is an image manifest, OCI's or Docker's.
    package var isManifest: Bool { self == .manifest || self == .dockerManifest }

    /// How a layer of this type is compressed; `nil` for what is no layer.
    package var compression: Compression? {
        switch self {
        case .layer, .dockerLayer: Compression.none
        case .gzipLayer, .dockerGzipLayer: .gzip
        case .zstdLayer, .dockerZstdLayer: .zstd
        default: nil
        }
    }

    package static func layer(_ compression: Compression) -> MediaType {
        switch compression {
        case .none: .layer
        case .gzip: .gzipLayer
        case .zstd: .zstdLayer
        }
    }

    /// The OCI type of the same bytes: Docker's layers are the same tars under other names.
    ///
    /// Types that are not Docker's stay. Layers that may not be pushed elsewhere go on being so.
    package var ociType: MediaType {
        switch self {
        case .dockerManifest: .manifest
        case .dockerIndex: .index
        case .dockerConfiguration: .configuration
        case .dockerLayer: .layer
        case .dockerGzipLayer: .gzipLayer
        case .dockerZstdLayer: .zstdLayer
        case .dockerForeignLayer: MediaType(rawValue: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
        default: self
        }
    }

    package var description: String { rawValue }
}
