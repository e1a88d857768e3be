import Diagnostics
import OCIImage

/// An application image on another run image: the layers above the old one stay as they are.
struct RebasedImage {
    let app: Image
    let metadata: LifecycleMetadata
    let runImage: PlatformServices.RunImage
    /// Whether checks were overruled, so that the image has to be told its new base.
    let isForced: Bool

    /// Makes the image.
    /// - Throws: `BuildFailure` where the old run image's top layer is not in the image, `Failure`.
    func image() throws -> Image {
        let top = metadata.runImage?.topLayer ?? ""
        guard let index = app.layers.lastIndex(where: { $0.diffID.description == top }) else {
            throw Failure(
                .rebaseFailed, "the image's run image ends with layer \"\(top)\", which it does not have",
                advice: "build the image again")
        }
        var builder = ImageBuilder(base: app)
        try builder.replaceLowest(index + 1, with: runImage.image)
        let new = runImage.image.configuration
        builder.configuration.created = CreationTime.fixedText
        builder.configuration.architecture = new.architecture
        builder.configuration.os = new.os
        builder.configuration.osVersion = new.osVersion
        if isForced || new.variant != nil { builder.configuration.variant = new.variant }
        builder.configuration.config.labels = try labels()
        builder.annotations = app.manifest.annotations
        return try builder.image()
    }

    private func labels() throws -> [String: String] {
        let isOfBase = { (name: String) in
            name.hasPrefix("io.buildpacks.base.") || name.hasPrefix("io.buildpacks.stack.")
                || name == RunImageLabel.packages
        }
        var labels = app.configuration.config.labels.filter { !isOfBase($0.key) }
        labels.merge(runImage.image.configuration.config.labels.filter { isOfBase($0.key) }) { $1 }
        labels[LifecycleMetadata.label] = try metadataText()
        return labels
    }

    /// The label with its new run image; what it does not know stays.
    private func metadataText() throws -> String {
        let text = app.configuration.config.labels[LifecycleMetadata.label] ?? ""
        guard case .object(var root) = JSONValue(json: text) else { return text }
        let names = RunImageNames(of: runImage)
        var entry = root["runImage"].object
        entry["topLayer"] = .string(runImage.image.layers.last?.diffID.description ?? "")
        entry["reference"] = .string(names.reference)
        let isOther = !isKnown(names.image)
        if isOther || !isPlain(metadata.runImageName) || RunImageName(names.image).isOfMachine {
            entry["image"] = .string(names.image)
            root["stack"] = .object(["runImage": .object(["image": .string(names.image)])])
        }
        if isOther { entry["mirrors"] = nil }
        root["runImage"] = .object(entry)
        return try CanonicalJSON.text(JSONValue.object(root))
    }

    /// Whether other tools can read the name; images made before have the kind of place in it.
    private func isPlain(_ name: String?) -> Bool { name.flatMap { try? Reference($0) } != nil }

    private func isKnown(_ name: String) -> Bool {
        metadata.runImageNames.contains { RunImageName($0) == RunImageName(name) }
    }
}

extension JSONValue? {
    /// The object; empty for anything else.
    fileprivate var object: [String: JSONValue] { if case .object(let object) = self { object } else { [:] } }
}
