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
    /// Whether that name leads nowhere, because the run image was a file.
    package var isRunImageFile: Bool { runImage.map { RunImageName($0).isOfFile } ?? false }

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
        add(metadata.sbom?.sha, "sbom")
        add(metadata.launcher?.sha, "launcher")
        add(metadata.config?.sha, "config")
        add(metadata.processTypes?.sha, "process-types")
        return layers
    }

    /// What a layer of a run image is called: by the command that made it if its history says so, or by its number.
    package static func name(ofRunImageLayer index: Int, in image: Image) -> String {
        LayerCommand(ofLayer: index, in: image)?.text ?? "run image \(index + 1)"
    }
}

/// The command that made a layer, as an image's history has it, without what builders put around it.
package struct LayerCommand: Sendable, Hashable {
    package let text: String

    /// The command of a layer of an image; `nil` if the history has none, or none that a person wrote.
    package init?(ofLayer index: Int, in image: Image) {
        let steps = image.configuration.history.filter { $0.emptyLayer != true }
        guard steps.count == image.layers.count, steps.indices.contains(index) else { return nil }
        self.init(createdBy: steps[index].createdBy ?? "")
    }

    /// Reads `created_by`: `/bin/sh -c #(nop) COPY a in /`, `/bin/sh -c apt-get update`, `RUN /bin/sh -c … # buildkit`.
    package init?(createdBy: String) {
        var words = createdBy.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.suffix(2) == ["#", "buildkit"] { words.removeLast(2) }
        if words.first == "RUN" { words.removeFirst() }
        // Build arguments in front of a command: `|2 NAME=value …`.
        if let count = words.first.flatMap({ $0.hasPrefix("|") ? Int($0.dropFirst()) : nil }) {
            words.removeFirst(min(words.count, count + 1))
        }
        let isShell = words.count > 2 && words[0].hasSuffix("/sh") && words[1] == "-c"
        if isShell { words.removeFirst(2) }
        let isInstruction = words.first == "#(nop)"
        if isInstruction { words.removeFirst() }
        let isOurs = ["mixpack:", "Layer:", "Buildpack:", "Application", "Buildpacks", "Software"].contains {
            words.first == $0
        }
        guard !words.isEmpty, !isOurs else { return nil }
        let command = words.joined(separator: " ")
        text = isShell && !isInstruction ? "RUN \(command)" : command
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
