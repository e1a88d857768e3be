/// A list of manifests, such as the `index.json` of a layout.
///
/// Mirrors the OCI image specification, "Image Index".
package struct ImageIndex: Sendable, Hashable, Codable {
    /// The annotation that names a manifest within a layout.
    package static let referenceName = "org.opencontainers.image.ref.name"
    /// The annotation under which containerd, Docker and Podman look for an image's whole name.
    package static let imageName = "io.containerd.image.name"

    /// Always 2.
    package var schemaVersion: Int
    /// The index's own type, where it says.
    package var mediaType: MediaType?
    /// The manifests, or indexes again.
    package var manifests: [Descriptor]
    /// More about the index.
    package var annotations: [String: String]?

    /// Creates an OCI index; by default an empty one.
    package init(manifests: [Descriptor] = []) {
        schemaVersion = 2
        mediaType = .index
        self.manifests = manifests
    }
}
