import Console
import Lifecycle
import OCIImage

/// What an image and a fresh build of its project have in common.
///
/// A registry's manifest names compressed layers, so images are compared by what they hold: their configuration, which names
/// the plain layers.
struct Verification {
    /// A part of the image's configuration that differs.
    struct Difference: Encodable, Hashable {
        var name: String
        /// What the image says; `nil` is nothing.
        var image: String?
        /// What the build says.
        var build: String?
    }

    let image: Image
    let built: Image
    /// The files that differ; `nil` if the layers are the same.
    let files: ImageComparison?

    /// Compares; files are read only if layers differ.
    init(_ image: ImageFiles, with built: ImageFiles) async throws {
        self.image = image.image
        self.built = built.image
        let isSame = image.image.layers.map(\.diffID) == built.image.layers.map(\.diffID)
        files = isSame ? nil : try await ImageComparison(from: image, to: built)
    }

    var isSame: Bool { image.id == built.id }

    /// The names of the layers that only one of the two has, from the bottom up.
    var layers: [String] {
        let (old, new) = (Self.layers(of: image), Self.layers(of: built))
        let (oldSet, newSet) = (Set(old.map(\.diffID)), Set(new.map(\.diffID)))
        let names = old.filter { !newSet.contains($0.diffID) } + new.filter { !oldSet.contains($0.diffID) }
        var seen: Set<String> = []
        return names.map(\.title).filter { seen.insert($0).inserted }
    }

    private static func layers(of image: Image) -> [(title: String, diffID: Digest?)] {
        ImageContentsReader(name: "", image: image, places: []).contents.layers.map {
            ([$0.buildpack, $0.name].compactMap(\.self).joined(separator: "/"), $0.diffID)
        }
    }

    /// The settings that differ, by name.
    var settings: [Difference] {
        let (old, new) = (Self.settings(of: image), Self.settings(of: built))
        return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
            .map { Difference(name: $0, image: old[$0], build: new[$0]) }
    }

    /// The configuration without what only names layers.
    private static func settings(of image: Image) -> [String: String] {
        let config = image.configuration.config
        var settings = config.labels.filter { $0.key != "io.buildpacks.lifecycle.metadata" }
        settings = Dictionary(uniqueKeysWithValues: settings.map { ("label " + $0.key, $0.value) })
        for variable in config.environment {
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            settings["variable \(parts[0])"] = parts.count > 1 ? String(parts[1]) : ""
        }
        settings["created"] = image.configuration.created
        settings["entrypoint"] = config.entrypoint?.joined(separator: " ")
        settings["user"] = config.user
        settings["working directory"] = config.workingDirectory
        settings["ports"] = config.exposedPorts.sorted().joined(separator: ", ")
        settings["run image"] = ImageOrigins(of: image).runImage
        return settings
    }
}
