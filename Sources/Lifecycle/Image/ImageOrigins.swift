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
        layers = Self.layers(of: metadata)
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
