import BuildpackAPI
import OCIImage

/// Puts the layers on the run image and sets how the image runs
/// ([CNB Platform specification, Exporter](https://github.com/buildpacks/spec/blob/main/platform.md#exporter)).
struct ImageAssembly {
    let runImage: PlatformServices.RunImage
    let built: BuiltLayers
    let layers: WrittenLayers
    let services: PlatformServices
    let request: BuildRequest
    /// The secrets whose values are in the layers.
    var secretNames: Set<String> = []

    func image() throws -> Image {
        var builder = ImageBuilder(base: runImage.image)
        for layer in layers.all { builder.append(layer.layer, createdBy: hasHistory ? layer.createdBy : nil) }
        builder.configuration.created = request.creationTime.text(services.clock)
        builder.configuration.config.entrypoint = [entrypoint]
        builder.configuration.config.command = nil
        builder.configuration.config.workingDirectory = services.form.application
        setEnvironment(&builder.configuration.config)
        builder.configuration.config.exposedPorts.formUnion(built.exposedPorts.map { "\($0)/tcp" })
        if let check = request.healthCheck { builder.configuration.config.otherFields["Healthcheck"] = check.field }
        builder.configuration.config.labels.merge(try labels()) { $1 }
        if !request.annotations.isEmpty { builder.annotations = Self.table(request.annotations) }
        return try builder.image()
    }

    /// The user's own words for the image; of a name that comes twice, the last counts.
    static func table(_ notes: [ImageNote]) -> [String: String] {
        Dictionary(notes.map { ($0.name, $0.value) }) { $1 }
    }

    /// Earlier Platform APIs say nothing of where layers come from.
    private var hasHistory: Bool { services.form.platformAPI >= .minor(12) }

    private var entrypoint: String {
        (request.defaultProcess ?? built.defaultProcess).map { "/cnb/process/" + $0 } ?? "/cnb/lifecycle/launcher"
    }

    private func setEnvironment(_ config: inout ContainerConfiguration) {
        let path = config.variable("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        config.setVariable("PATH", to: "/cnb/process:/cnb/lifecycle:" + path)
        config.setVariable("CNB_LAYERS_DIR", to: services.form.layers)
        config.setVariable("CNB_APP_DIR", to: services.form.application)
        config.setVariable("CNB_PLATFORM_API", to: services.form.platformAPI.description)
        config.setVariable("CNB_DEPRECATION_MODE", to: "quiet")
        for part in built.parts {
            for (name, value) in part.result.imageEnvironment.sorted(by: { $0.key < $1.key }) {
                config.setVariable(name, to: value)
            }
        }
    }

    var launchLayerLabels: [String: [String: LifecycleMetadata.Layer]] {
        var result: [String: [String: LifecycleMetadata.Layer]] = [:]
        for part in built.parts {
            for contribution in part.result.layers where contribution.types.contains(.launch) {
                let written = layers.launch.first {
                    $0.summary.buildpack == part.buildpack.id && $0.summary.name == contribution.name
                }
                guard let written else { continue }
                result[part.buildpack.id, default: [:]][contribution.name] = LifecycleMetadata.Layer(
                    sha: written.layer.diffID.description, data: contribution.metadata, types: contribution.types)
            }
        }
        return result
    }
}

extension BuiltLayers {
    /// The variables that a container needs, without repeats, sorted.
    var requiredVariables: [String] { Set(parts.flatMap(\.result.requiredVariables)).sorted() }
    /// The slices of the application's folder, in the order of the buildpacks.
    var slices: [[String]] { parts.flatMap(\.result.slices) }
    /// Whether the project's own files stay out of the image.
    var omitsSource: Bool { hasWorkspace && parts.contains(where: \.result.omitsSource) }
    /// The links of the image beside the layers, by path; a later buildpack's in place of an earlier one's.
    var links: [String: String] { parts.reduce(into: [:]) { $0.merge($1.result.imageLinks) { $1 } } }
    /// The ports that the image exposes, without repeats, sorted.
    var exposedPorts: [Int] { Set(parts.flatMap(\.result.exposedPorts)).sorted() }
}
