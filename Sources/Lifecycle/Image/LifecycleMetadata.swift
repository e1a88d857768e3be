import BuildpackAPI
import OCIImage

/// The label `io.buildpacks.lifecycle.metadata`: the layers of an application image, for the next build and for a rebase
/// ([CNB Platform specification, Labels](https://github.com/buildpacks/spec/blob/main/platform.md#labels)).
struct LifecycleMetadata: Codable, Hashable {
    static let label = "io.buildpacks.lifecycle.metadata"

    /// A layer's digest; empty where there is no such layer.
    struct Sha: Codable, Hashable {
        var sha: String
    }

    /// A buildpack's layer.
    struct Layer: Codable, Hashable {
        var sha: String
        var data: MetadataValue?
        var build: Bool
        var launch: Bool
        var cache: Bool

        init(sha: String, data: [String: MetadataValue], types: LayerTypes) {
            self.sha = sha
            self.data = data.isEmpty ? nil : .table(data)
            build = types.contains(.build)
            launch = types.contains(.launch)
            cache = types.contains(.cache)
        }

        var metadata: [String: MetadataValue] {
            if case .table(let table) = data { table } else { [:] }
        }

        var types: LayerTypes { [launch ? .launch : [], build ? .build : [], cache ? .cache : []] }

        enum CodingKeys: String, CodingKey { case sha, data, build, launch, cache }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            sha = try container.decodeIfPresent(String.self, forKey: .sha) ?? ""
            data = try container.decodeIfPresent(MetadataValue.self, forKey: .data)
            build = try container.decodeIfPresent(Bool.self, forKey: .build) ?? false
            launch = try container.decodeIfPresent(Bool.self, forKey: .launch) ?? false
            cache = try container.decodeIfPresent(Bool.self, forKey: .cache) ?? false
        }

        /// Writes `data` also where there is none, as `null`.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(sha, forKey: .sha)
            try container.encode(data, forKey: .data)
            try container.encode(build, forKey: .build)
            try container.encode(launch, forKey: .launch)
            try container.encode(cache, forKey: .cache)
        }
    }

    /// What a buildpack keeps in store.toml.
    struct Store: Codable, Hashable {
        var metadata: [String: MetadataValue]
    }

    struct Buildpack: Codable, Hashable {
        var key: String
        var version: String
        var layers: [String: Layer]
        var store: Store?
    }

    /// Where a run image can be had.
    struct Image: Codable, Hashable {
        var image: String?
        var mirrors: [String]?
    }

    struct RunImage: Codable, Hashable {
        var topLayer: String
        var reference: String
        var image: String?
        var mirrors: [String]?
    }

    /// The run image, for platforms before API 0.12.
    struct Stack: Codable, Hashable {
        var runImage: Image
    }

    var app: [Sha]?
    var sbom: Sha?
    var buildpacks: [Buildpack]?
    var config: Sha?
    var launcher: Sha?
    var processTypes: Sha?
    var runImage: RunImage?
    var stack: Stack?
    var executionEnvironment: String?

    enum CodingKeys: String, CodingKey {
        case app, sbom, buildpacks, config, launcher, runImage, stack
        case processTypes = "process-types"
        case executionEnvironment = "exec-env"
    }

    init() {}

    /// Reads what can be read: other platforms' labels may have values of other kinds, `app` above all.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        app = try? values.decode([Sha].self, forKey: .app)
        sbom = try? values.decode(Sha.self, forKey: .sbom)
        buildpacks = try? values.decode([Buildpack].self, forKey: .buildpacks)
        config = try? values.decode(Sha.self, forKey: .config)
        launcher = try? values.decode(Sha.self, forKey: .launcher)
        processTypes = try? values.decode(Sha.self, forKey: .processTypes)
        runImage = try? values.decode(RunImage.self, forKey: .runImage)
        stack = try? values.decode(Stack.self, forKey: .stack)
        executionEnvironment = try? values.decode(String.self, forKey: .executionEnvironment)
    }

    /// What an image's label says; a label that is missing, empty or cannot be read says nothing.
    init(of image: OCIImage.Image) {
        let text = image.configuration.config.labels[Self.label] ?? ""
        self = (try? CanonicalJSON.decode(LifecycleMetadata.self, from: Array(text.utf8), what: "")) ?? Self()
    }

    /// The name by which the run image can be had.
    var runImageName: String? { runImage?.image ?? stack?.runImage.image }

    /// All names that the run image is known by, mirrors too.
    var runImageNames: [String] {
        [runImage?.image, stack?.runImage.image].compactMap(\.self) + (runImage?.mirrors ?? [])
            + (stack?.runImage.mirrors ?? [])
    }

    /// A buildpack's layers by name; empty where it has none.
    func layers(of buildpack: String) -> [String: Layer] { entry(of: buildpack)?.layers ?? [:] }

    /// What a buildpack kept in store.toml.
    func store(of buildpack: String) -> [String: MetadataValue]? { entry(of: buildpack)?.store?.metadata }

    private func entry(of buildpack: String) -> Buildpack? { buildpacks?.first { $0.key == buildpack } }
}
