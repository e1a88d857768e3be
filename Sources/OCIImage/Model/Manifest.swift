/// An image's manifest: its configuration and its layers, from the bottom up.
///
/// Mirrors the
/// [OCI image specification, Image Manifest](https://github.com/opencontainers/image-spec/blob/main/manifest.md).
package struct Manifest: Sendable, Hashable, Codable {
    package var schemaVersion = 2
    /// The manifest's own type; old OCI manifests leave it out.
    package var mediaType: MediaType? = .manifest
    package var config: Descriptor
    /// The layers, from the bottom up.
    package var layers: [Descriptor]
    package var annotations: [String: String]?

    /// The same image under OCI's media types alone.
    package var ociManifest: Manifest {
        var manifest = self
        manifest.mediaType = mediaType.map(\.ociType)
        manifest.config = config.ociDescriptor
        manifest.layers = layers.map(\.ociDescriptor)
        return manifest
    }

    package init(config: Descriptor, layers: [Descriptor], annotations: [String: String]? = nil) {
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}
