import OCIImage

/// Where the layers of an application image come from, as its label `io.buildpacks.lifecycle.metadata` says
/// (CNB Platform specification, "Labels"); what the label does not say, or cannot be read, is unknown.
package struct ImageOrigins: Sendable {
    /// The layers above the run image, by diffID.
    package let layers: [String: LayerSummary]
    /// The diffID of the run image's top layer.
    package let topOfRunImage: String?
    /// The name by which the run image can be had, for a rebase.
    package let runImage: String?

    /// Reads an image's label.
    package init(of image: Image) {
        let metadata = LifecycleMetadata(of: image)
        topOfRunImage = metadata.runImage?.topLayer
        runImage = metadata.runImageName
        layers = Self.layers(of: metadata).merging(Self.ownLayers(of: image)) { named, _ in named }
    }

    /// The layers that the specification does not have: their names are in the image's history.
    private static func ownLayers(of image: Image) -> [String: LayerSummary] {
        var layers: [String: LayerSummary] = [:]
        for (index, layer) in image.layers.enumerated() {
            guard let name = image.ownLayerName(at: index) else { continue }
            layers[layer.diffID.description] = LayerSummary(buildpack: nil, name: name, types: .launch)
        }
        return layers
    }

    private static func layers(of metadata: LifecycleMetadata) -> [String: LayerSummary] {
        var layers: [String: LayerSummary] = [:]
        func add(_ sha: String?, _ name: String, of buildpack: String? = nil) {
            if let sha { layers[sha] = LayerSummary(buildpack: buildpack, name: name, types: .launch) }
        }
        for buildpack in metadata.buildpacks ?? [] {
            for (name, layer) in buildpack.layers { add(layer.sha, name, of: buildpack.key) }
        }
        for (index, slice) in (metadata.app ?? []).enumerated() {
            add(slice.sha, index == 0 ? "app" : "app slice \(index + 1)")
        }
        add(metadata.launcher?.sha, "launcher")
        add(metadata.config?.sha, "config")
        add(metadata.processTypes?.sha, "process-types")
        return layers
    }
}

extension Image {
    /// The name of a layer that mixpack made beside the specification's: its history says `mixpack: NAME: WHAT`.
    func ownLayerName(at index: Int) -> String? {
        let steps = configuration.history.filter { $0.emptyLayer != true }
        guard steps.count == layers.count, let step = steps[index].createdBy, step.hasPrefix("mixpack: ") else {
            return nil
        }
        let parts = step.dropFirst("mixpack: ".count).split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? String(parts[0]) : nil
    }
}
