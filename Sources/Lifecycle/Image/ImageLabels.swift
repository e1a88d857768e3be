import BuildpackAPI
import FoundationEssentials
import OCIImage

/// The labels that other CNB platforms read (CNB Platform specification, "Labels").
struct ImageLabels {
    let runImage: PlatformServices.RunImage
    let built: BuiltLayers
    let layers: WrittenLayers
    let launchLayers: [String: [String: LifecycleMetadata.Layer]]
    let request: BuildRequest
    let version: String
    /// The secrets whose values are in the layers.
    let secretNames: Set<String>

    /// All labels by name; the buildpacks' own come last and win.
    func all() throws -> [String: String] {
        var labels = [
            LifecycleMetadata.label: try json(lifecycleMetadata),
            "io.buildpacks.build.metadata": try json(buildMetadata),
            "io.buildpacks.project.metadata": request.sourceMetadata ?? "{}",
            "io.buildpacks.exec-env": request.executionEnvironment,
        ]
        let configured = built.parts.flatMap(\.result.compiledSecrets).filter { $0.kind == .configuration }
        let compiled = secretNames.union(configured.map(\.name)).sorted()
        if !compiled.isEmpty { labels["io.mixpack.compiled-secrets"] = compiled.joined(separator: ",") }
        for part in built.parts { labels.merge(part.result.labels) { $1 } }
        return labels
    }

    private var lifecycleMetadata: LifecycleMetadata {
        var metadata = LifecycleMetadata()
        metadata.app = layers.app.map { sha($0) }
        metadata.sbom = layers.bills.map { sha($0) }
        metadata.buildpacks = built.parts.map { part in
            LifecycleMetadata.Buildpack(
                key: part.buildpack.id, version: part.buildpack.version, layers: launchLayers[part.buildpack.id] ?? [:],
                store: part.result.store.map { LifecycleMetadata.Store(metadata: $0) })
        }
        metadata.config = sha(layers.config)
        metadata.launcher = sha(layers.launcher)
        metadata.processTypes = layers.processTypes.map { sha($0) } ?? LifecycleMetadata.Sha(sha: "")
        metadata.runImage = LifecycleMetadata.RunImage(
            topLayer: runImage.image.layers.last?.diffID.description ?? "",
            reference: runImage.image.digest.description, image: runImage.name)
        metadata.stack = LifecycleMetadata.Stack(runImage: LifecycleMetadata.Image(image: runImage.name))
        metadata.executionEnvironment = request.executionEnvironment
        return metadata
    }

    private func sha(_ layer: WrittenLayer) -> LifecycleMetadata.Sha {
        LifecycleMetadata.Sha(sha: layer.layer.diffID.description)
    }

    private struct BuildMetadata: Encodable {
        struct Group: Encodable {
            var id: String
            var version: String
            var homepage: String?
        }
        struct Process: Encodable {
            var type: String
            var command: [String]
            var args: [String]
            var direct: Bool
            var buildpackID: String
            var workingDirectory: String?
            var executionEnvironments: [String]?

            enum CodingKeys: String, CodingKey {
                case type, command, args, direct, buildpackID
                case workingDirectory = "working-dir"
                case executionEnvironments = "exec-env"
            }
        }
        struct Launcher: Encodable {
            struct Source: Encodable {
                struct Git: Encodable {
                    var repository = ""
                    var commit = ""
                }
                var git = Git()
            }
            var version: String
            var source = Source()
        }
        var buildpacks: [Group]
        var processes: [Process]
        var launcher: Launcher
        var defaultProcess: String?

        enum CodingKeys: String, CodingKey {
            case buildpacks, processes, launcher
            case defaultProcess = "buildpack-default-process-type"
        }
    }

    private var buildMetadata: BuildMetadata {
        BuildMetadata(
            buildpacks: built.parts.map {
                .init(id: $0.buildpack.id, version: $0.buildpack.version, homepage: $0.buildpack.homepage)
            },
            processes: built.processes.map { process, buildpack in
                .init(
                    type: process.type, command: process.command, args: process.arguments, direct: process.isDirect,
                    buildpackID: buildpack, workingDirectory: process.workingDirectory,
                    executionEnvironments: process.executionEnvironments)
            },
            launcher: .init(version: version), defaultProcess: built.defaultProcess)
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
