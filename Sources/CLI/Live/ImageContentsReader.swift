import BuildpackAPI
import Console
import FoundationEssentials
import Lifecycle
import OCIImage

/// Reads what the Image screen shows out of an image's manifest, configuration and labels.
struct ImageContentsReader {
    let name: String
    let image: Image
    let places: [String]
    private let origins: ImageOrigins

    init(name: String, image: Image, places: [String]) {
        self.name = name
        self.image = image
        self.places = places
        origins = ImageOrigins(of: image)
    }

    /// The screen's content.
    var contents: ImageContents {
        let config = image.configuration.config
        let labels = config.labels.sorted { $0.key < $1.key }
        return ImageContents(
            name: name, manifestDigest: image.digest, imageID: image.id, layers: layers, processes: processes,
            configuration: configuration(config), labels: labels.map { .init($0.key, $0.value) }, places: places,
            ports: config.exposedPorts.compactMap { Int($0.prefix { $0 != "/" }) }.sorted(),
            releaseProgram: releaseProgram)
    }

    private var layers: [ImageContents.Layer] {
        let topOfBase = origins.topOfRunImage
        var isBase = topOfBase != nil
        return image.layers.enumerated().map { index, layer in
            defer { if layer.diffID.description == topOfBase { isBase = false } }
            let named = origins.layers[layer.diffID.description]
            let made = LayerCommand(ofLayer: index, in: image)?.text
            let fallback = made ?? (isBase ? "run image \(index + 1)" : "layer \(index + 1)")
            return ImageContents.Layer(
                LayerSummary(
                    buildpack: named?.buildpack, name: named?.name ?? fallback, types: named?.types ?? [],
                    size: layer.descriptor.size, diffID: layer.diffID),
                digest: layer.descriptor.digest, isBase: isBase, source: .image(index: index),
                blobSize: layer.descriptor.size, createdBy: createdBy(index))
        }
    }

    private func createdBy(_ index: Int) -> String? {
        let steps = image.configuration.history.filter { $0.emptyLayer != true }
        return steps.indices.contains(index) ? steps[index].createdBy : nil
    }

    private func configuration(_ config: ContainerConfiguration) -> [ImageContents.Field] {
        let platform = image.configuration.platform
        return [
            .init("platform", "\(platform.os)/\(platform.architecture)"),
            .init("user", config.user ?? "root"),
            .init("entrypoint", (config.entrypoint ?? []).joined(separator: " ")),
            .init("working dir", config.workingDirectory ?? "/"),
            .init("ports", config.exposedPorts.sorted().joined(separator: ", ")),
            .init("created", image.configuration.created ?? ""),
        ] + healthCheck(config) + runImage(config) + config.environment.map { .init("env", $0) }
    }

    /// What an engine runs in the container to find out whether it works: Docker's own field.
    private func healthCheck(_ config: ContainerConfiguration) -> [ImageContents.Field] {
        guard case .object(let check)? = config.otherFields["Healthcheck"], case .array(let words)? = check["Test"]
        else { return [] }
        let texts = words.compactMap { if case .string(let text) = $0 { text } else { nil } }
        let command = texts.first == "CMD" || texts.first == "CMD-SHELL" ? texts.dropFirst() : texts[...]
        return [.init("health", command.joined(separator: " "))]
    }

    /// The run image that the image is on, and how it is put on another.
    private func runImage(_ config: ContainerConfiguration) -> [ImageContents.Field] {
        guard let name = origins.runImage else { return [] }
        let isRebasable = config.labels["io.buildpacks.rebasable"] != "false"
        let other = origins.isRunImageFile ? " --run-image PLACE" : ""
        let rebase =
            isRebasable ? "mixpack rebase \(self.name)\(other)" : "not allowed by the label io.buildpacks.rebasable"
        return [.init("run image", name), .init("rebase", rebase)]
    }

    private struct BuildMetadata: Decodable {
        struct Process: Decodable {
            var type: String
            var command: [String]
            var args: [String]?
            var direct: Bool?

            enum CodingKeys: String, CodingKey { case type, command, args, direct }

            /// Before Platform API 0.10 the command is a text.
            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                type = try values.decode(String.self, forKey: .type)
                let text = try? values.decode(String.self, forKey: .command)
                command = try text.map { [$0] } ?? values.decode([String].self, forKey: .command)
                args = try values.decodeIfPresent([String].self, forKey: .args)
                direct = try values.decodeIfPresent(Bool.self, forKey: .direct)
            }
        }
        var processes: [Process]?
        var defaultProcess: String?

        enum CodingKeys: String, CodingKey {
            case processes
            case defaultProcess = "buildpack-default-process-type"
        }
    }

    private var buildMetadata: BuildMetadata? { label("io.buildpacks.build.metadata") }

    private func label<Value: Decodable>(_ name: String) -> Value? {
        guard let text = image.configuration.config.labels[name] else { return nil }
        return try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    private var processes: [ProcessType] {
        (buildMetadata?.processes ?? []).map { process in
            ProcessType(
                process.type, command: process.command, arguments: process.args ?? [], isDirect: process.direct ?? true,
                isDefault: process.type == buildMetadata?.defaultProcess)
        }
    }

    private var releaseProgram: String? {
        processes.first { $0.type == "web" }?.command.first.flatMap { $0.contains("/release/bin/") ? $0 : nil }
    }
}
