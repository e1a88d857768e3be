/// An image's manifest: its configuration and its layers, from the bottom up.
///
/// Mirrors the OCI image specification, "Image Manifest".
package struct Manifest: Sendable, Hashable, Codable {
    /// Always 2.
    package var schemaVersion: Int
    /// The manifest's own type; old OCI manifests leave it out.
    package var mediaType: MediaType?
    /// The configuration.
    package var config: Descriptor
    /// The layers, from the bottom up.
    package var layers: [Descriptor]
    /// More about the image.
    package var annotations: [String: String]?

    /// Creates an OCI manifest; by default without annotations.
    package init(config: Descriptor, layers: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = .manifest
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}
