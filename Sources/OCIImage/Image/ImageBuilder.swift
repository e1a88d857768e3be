import Diagnostics

/// Makes an image out of another one, or out of nothing; equal steps give the same digest.
///
/// The layers, history and platform of the base image are kept. All media types are OCI's: skopeo, umoci and podman refuse
/// a manifest that has Docker's layers beside OCI's.
package struct ImageBuilder: Sendable {
    /// How the image runs, and everything else but layers and history.
    package var configuration: ImageConfiguration
    package var annotations: [String: String]?
    package private(set) var layers: [ImageLayer]
    /// One entry a layer; entries without a layer are not kept.
    package private(set) var history: [ImageConfiguration.History]

    package init(platform: Platform = .current) {
        self.init(configuration: ImageConfiguration(platform: platform), layers: [])
    }

    package init(base: Image) {
        self.init(configuration: base.configuration, layers: base.layers)
        let steps = base.configuration.history.filter { $0.emptyLayer != true }
        if steps.count == base.layers.count { history = steps }
    }

    private init(configuration: ImageConfiguration, layers: [ImageLayer]) {
        self.configuration = configuration
        self.layers = layers
        history = layers.map { _ in ImageConfiguration.History() }
    }

    package mutating func append(_ layer: ImageLayer, createdBy: String? = nil) {
        layers.append(layer)
        history.append(ImageConfiguration.History(createdBy: createdBy))
    }

    /// Swaps the lowest layers, as a rebase does.
    /// - Throws: `Failure` when there are fewer than `count`.
    package mutating func replaceLowest(_ count: Int, with base: Image) throws(Failure) {
        guard count <= layers.count else {
            throw Failure(.malformed, "the image has \(layers.count) layers, not \(count)")
        }
        let other = ImageBuilder(base: base)
        layers.replaceSubrange(..<count, with: other.layers)
        history.replaceSubrange(..<count, with: other.history)
    }

    /// The image; every history entry gets the image's own time.
    package func image() throws(Failure) -> Image {
        var configuration = configuration
        configuration.rootfs = ImageConfiguration.RootFilesystem(diffIDs: layers.map(\.diffID))
        configuration.history = history.map { entry in
            var entry = entry
            entry.created = configuration.created
            return entry
        }
        let bytes = try CanonicalJSON.encode(configuration)
        let config = try Descriptor(.configuration, of: bytes)
        let manifest = Manifest(
            config: config, layers: layers.map(\.descriptor.ociDescriptor), annotations: annotations)
        return try Image(manifestBytes: try CanonicalJSON.encode(manifest), configurationBytes: bytes)
    }
}
