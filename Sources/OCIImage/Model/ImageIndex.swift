/// A list of manifests, such as the `index.json` of a layout.
///
/// Mirrors the OCI image specification, "Image Index".
public struct ImageIndex: Sendable, Hashable, Codable {
    /// The annotation that names a manifest within a layout.
    public static let referenceName = "org.opencontainers.image.ref.name"
    /// The annotation under which containerd, Docker and Podman look for an image's whole name.
    public static let imageName = "io.containerd.image.name"

    /// Always 2.
    public var schemaVersion: Int
    /// The index's own type, where it says.
    public var mediaType: MediaType?
    /// The manifests, or indexes again.
    public var manifests: [Descriptor]
    /// More about the index.
    public var annotations: [String: String]?

    /// Creates an OCI index; by default an empty one.
    public init(manifests: [Descriptor] = []) {
        schemaVersion = 2
        mediaType = .index
        self.manifests = manifests
    }
}
