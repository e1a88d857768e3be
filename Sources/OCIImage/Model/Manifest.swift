/// An image's manifest: its configuration and its layers, from the bottom up.
///
/// Mirrors the OCI image specification, "Image Manifest".
public struct Manifest: Sendable, Hashable, Codable {
    /// Always 2.
    public var schemaVersion: Int
    /// The manifest's own type; old OCI manifests leave it out.
    public var mediaType: MediaType?
    /// The configuration.
    public var config: Descriptor
    /// The layers, from the bottom up.
    public var layers: [Descriptor]
    /// More about the image.
    public var annotations: [String: String]?

    /// Creates an OCI manifest; by default without annotations.
    public init(config: Descriptor, layers: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = .manifest
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}
