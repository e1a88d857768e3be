extension ImageContents {
    /// Whether a layer of the build is in no image: it was for building, or is kept for the next build.
    func isOutside(_ layer: Layer) -> Bool {
        guard manifestDigest != nil, case .folder? = layer.source else { return false }
        return true
    }

    /// What there is of an image while its build goes on or after it failed: the layers whose folders are there.
    init(build: BuildState) {
        self.init(name: build.start?.image ?? "")
        layers = build.layers.map { progress in
            let layer = progress.layer
            return Layer(
                layer, isReused: progress.change == .reused ? true : progress.change == .exported ? false : nil,
                isBase: layer.buildpack == nil && layer.name.hasPrefix("run image"),
                source: layer.directory.map { .folder($0) }, isMeasured: true)
        }
        places = build.places
        guard case .finished(let report)? = build.outcome else { return }
        name = report.image
        manifestDigest = report.manifestDigest
        imageID = report.imageID
        requiredVariables = report.requiredVariables
        places = report.places
    }

    /// The contents with what only the build knows: why a layer is as it is, and the layers that are not in the image.
    func joined(with build: BuildState) -> ImageContents {
        guard case .finished(let report)? = build.outcome, report.manifestDigest == manifestDigest else { return self }
        var result = self
        let known = ImageContents(build: build).layers
        for index in result.layers.indices {
            let layer = result.layers[index]
            let same = known.first { layer.diffID != nil && $0.diffID == layer.diffID }
            guard let built = same ?? known.first(where: { $0.identity == layer.identity }) else { continue }
            result.layers[index].summary.reason = layer.reason ?? built.reason
            result.layers[index].isReused = layer.isReused ?? built.isReused
            result.layers[index].summary.files = layer.files ?? built.files
        }
        let own = Set(layers.map(\.identity))
        result.layers += known.filter { $0.source != nil && !own.contains($0.identity) }
        if result.requiredVariables.isEmpty { result.requiredVariables = report.requiredVariables }
        return result
    }
}
