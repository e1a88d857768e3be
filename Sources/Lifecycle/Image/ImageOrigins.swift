public import OCIImage

/// Where the layers of an application image come from, as its label `io.buildpacks.lifecycle.metadata` says
/// (CNB Platform specification, "Labels"); what the label does not say, or cannot be read, is unknown.
public struct ImageOrigins: Sendable {
    /// A layer above the run image.
    public struct Layer: Sendable, Hashable {
        /// The buildpack that made it; `nil` is the lifecycle itself.
        public let buildpack: String?
        /// Its name.
        public let name: String
    }

    /// The layers, by diffID.
    public let layers: [String: Layer]
    /// The diffID of the run image's top layer.
    public let topOfRunImage: String?
    /// The name by which the run image can be had, for a rebase.
    public let runImage: String?

    /// Reads an image's label.
    public init(of image: Image) {
        let metadata = LifecycleMetadata(of: image)
        topOfRunImage = metadata.runImage?.topLayer
        runImage = metadata.runImage?.image ?? metadata.stack?.runImage.image
        layers = Self.layers(of: metadata)
    }

    private static func layers(of metadata: LifecycleMetadata) -> [String: Layer] {
        var layers: [String: Layer] = [:]
        for buildpack in metadata.buildpacks ?? [] {
            for (name, layer) in buildpack.layers { layers[layer.sha] = Layer(buildpack: buildpack.key, name: name) }
        }
        for (index, slice) in (metadata.app ?? []).enumerated() {
            layers[slice.sha] = Layer(buildpack: nil, name: index == 0 ? "app" : "app slice \(index + 1)")
        }
        let own = [
            ("launcher", metadata.launcher), ("config", metadata.config), ("process-types", metadata.processTypes),
        ]
        for (name, layer) in own { if let layer { layers[layer.sha] = Layer(buildpack: nil, name: name) } }
        return layers
    }
}
