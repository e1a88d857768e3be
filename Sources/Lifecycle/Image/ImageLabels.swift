import BuildpackAPI
import FoundationEssentials
import OCIImage

/// The labels that other CNB platforms read (CNB Platform specification, "Labels").
struct ImageLabels {
    /// A launch layer as the label tells it.
    struct Layer: Encodable {
        var sha: Digest
        var data: [String: MetadataValue]
        var build: Bool
        var launch: Bool
        var cache: Bool
    }

    let runImage: PlatformServices.RunImage
    let built: BuiltLayers
    let layers: [String: [String: Layer]]
    let app: Digest
    let config: Digest
    let launcher: Digest
    let processTypes: Digest?
    let version: String

    /// All labels by name; the buildpacks' own come last and win.
    func all() throws -> [String: String] {
        var labels = [
            "io.buildpacks.lifecycle.metadata": try json(lifecycleMetadata),
            "io.buildpacks.build.metadata": try json(buildMetadata),
            "io.buildpacks.project.metadata": "{}",
        ]
        let compiled = Set(built.parts.flatMap(\.result.compiledSecrets).map(\.name)).sorted()
        if !compiled.isEmpty { labels["io.mixpack.compiled-secrets"] = compiled.joined(separator: ",") }
        for part in built.parts { labels.merge(part.result.labels) { $1 } }
        return labels
    }

    private struct Sha: Encodable { var sha: String }

    private struct LifecycleMetadata: Encodable {
        struct Entry: Encodable {
            var key: String
            var version: String
            var layers: [String: Layer]
        }
        struct RunImage: Encodable {
            var topLayer: String
            var reference: String
            var image: String
        }
        struct Stack: Encodable {
            struct Image: Encodable { var image: String }
            var runImage: Image
        }
        var app: [Sha]
        var buildpacks: [Entry]
        var config: Sha
        var launcher: Sha
        var processTypes: Sha
        var runImage: RunImage
        var stack: Stack

        enum CodingKeys: String, CodingKey {
            case app, buildpacks, config, launcher, runImage, stack
            case processTypes = "process-types"
        }
    }

    private var lifecycleMetadata: LifecycleMetadata {
        LifecycleMetadata(
            app: [Sha(sha: app.description)],
            buildpacks: built.parts.map {
                .init(key: $0.buildpack.id, version: $0.buildpack.version, layers: layers[$0.buildpack.id] ?? [:])
            },
            config: Sha(sha: config.description), launcher: Sha(sha: launcher.description),
            processTypes: Sha(sha: processTypes?.description ?? ""),
            runImage: .init(
                topLayer: runImage.image.layers.last?.diffID.description ?? "",
                reference: runImage.image.digest.description, image: runImage.name),
            stack: .init(runImage: .init(image: runImage.name)))
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

            enum CodingKeys: String, CodingKey {
                case type, command, args, direct, buildpackID
                case workingDirectory = "working-dir"
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
                    buildpackID: buildpack, workingDirectory: process.workingDirectory)
            },
            launcher: .init(version: version), defaultProcess: built.defaultProcess)
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
