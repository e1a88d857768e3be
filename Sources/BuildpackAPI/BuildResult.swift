import SystemPackage

/// What a buildpack contributed: layers, processes, labels and the image's defaults.
package struct BuildResult: Sendable, Hashable {
    /// The layers, each a folder of that name in the buildpack's layers folder.
    package var layers: [LayerContribution]
    /// The process types it defines (launch.toml).
    package var processes: [ProcessType]
    package var labels: [String: String]
    /// Names of the plan's entries that it leaves to the next provider.
    package var unmet: [String]
    /// Variables of the image's configuration, where the image's own do not say otherwise.
    package var imageEnvironment: [String: String]
    /// TCP ports that the image exposes.
    package var exposedPorts: [Int]
    /// Variables that a container needs at run time and the user must give.
    package var requiredVariables: [String]
    /// Secrets that the project reads while it is built, so that their values may be in the layers.
    package var compiledSecrets: [CompiledSecret]
    /// Layers that the application's folder is cut into: one list of patterns a layer (`[[slices]]` of launch.toml).
    package var slices: [[String]]
    /// What the buildpack wants to know again at the next build (`[metadata]` of store.toml); `nil` keeps nothing.
    package var store: [String: MetadataValue]?
    /// Links of the image beside the layers, which only mixpack makes: where each leads, by its path.
    package var imageLinks: [String: String]
    /// How the application is tried before the image gets its name.
    package var trials: [Trial] = []
    /// The project's files that programs of processes are copies of, by the paths of these in the image.
    package var sources: [String: String] = [:]
    /// Bills of materials of its launch layers, by the ending of their files: `cdx.json`, `spdx.json`.
    package var bills: [String: [UInt8]] = [:]
    /// Whether the layers hold all that the application needs, so that its sources stay out of the image.
    package var omitsSource: Bool

    package init(
        layers: [LayerContribution] = [], processes: [ProcessType] = [], labels: [String: String] = [:],
        unmet: [String] = [], imageEnvironment: [String: String] = [:], exposedPorts: [Int] = [],
        requiredVariables: [String] = [], compiledSecrets: [CompiledSecret] = [],
        slices: [[String]] = [], store: [String: MetadataValue]? = nil, omitsSource: Bool = false,
        imageLinks: [String: String] = [:]
    ) {
        self.layers = layers
        self.processes = processes
        self.labels = labels
        self.unmet = unmet
        self.imageEnvironment = imageEnvironment
        self.exposedPorts = exposedPorts
        self.requiredVariables = requiredVariables
        self.compiledSecrets = compiledSecrets
        self.slices = slices
        self.store = store
        self.omitsSource = omitsSource
        self.imageLinks = imageLinks
    }
}

/// A secret that the project reads while it is built.
package struct CompiledSecret: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        /// The project's build-time configuration: it is told, with the cure, and the image is labelled.
        case configuration
        /// Code, while it is compiled: its value must not be in a layer.
        case code
    }

    package var name: String
    /// The file that reads it, relative to the project's folder.
    package var file: String
    /// The line, from 1.
    package var line: Int
    package var kind: Kind
    /// How the names of the files end that its value gets into by this way.
    package var endings: [String]

    package init(name: String, file: String, line: Int, kind: Kind = .configuration, endings: [String] = [""]) {
        self.name = name
        self.file = file
        self.line = line
        self.kind = kind
        self.endings = endings
    }
}

/// One layer: what it is for, what it adds to environments, and why it is as it is.
package struct LayerContribution: Sendable, Hashable {
    /// The layer's name: a folder of the buildpack's layers folder.
    package var name: String
    /// What it is for: launch, build, cache.
    package var types: LayerTypes
    /// The `[metadata]` of its toml.
    package var metadata: [String: MetadataValue]
    /// What it adds to the environment of later buildpacks (build layers) and of the launched process (launch layers).
    package var environment: [EnvironmentRule]
    /// One line on why it was made anew or kept.
    package var reason: String
    /// Its folder, where that is in the build's memory.
    package var folder: FilePath?

    package init(
        _ name: String, types: LayerTypes, metadata: [String: MetadataValue] = [:],
        environment: [EnvironmentRule] = [], reason: String = ""
    ) {
        self.name = name
        self.types = types
        self.metadata = metadata
        self.environment = environment
        self.reason = reason
    }
}

/// What a layer is for, as the specification's three flags.
package struct LayerTypes: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// It goes into the image.
    package static let launch = LayerTypes(rawValue: 1)
    /// Later buildpacks see it.
    package static let build = LayerTypes(rawValue: 2)
    /// It is kept for the next build.
    package static let cache = LayerTypes(rawValue: 4)
}

/// One rule for a variable: the files of a layer's `env` folders
/// ([buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules)).
package struct EnvironmentRule: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable, Codable {
        case append, prepend, `default`, override
    }

    /// When the rule counts.
    package enum Scope: Sendable, Hashable {
        /// In later buildpacks and at launch (`env`).
        case all
        /// In later buildpacks (`env.build`).
        case build
        case launch
        /// At launch of one process type (`env.launch/<type>`).
        case process(String)
    }

    package var name: String
    package var action: Action
    package var value: String
    /// What stands between two values that are joined.
    package var delimiter: String
    /// When it counts.
    package var scope: Scope

    package init(
        _ name: String, _ value: String, action: Action = .override, delimiter: String = "", scope: Scope = .all
    ) {
        self.name = name
        self.value = value
        self.action = action
        self.delimiter = delimiter
        self.scope = scope
    }
}

/// A way to start the image (`[[processes]]` of launch.toml).
package struct ProcessType: Sendable, Hashable, Codable {
    /// The name, for example `web`.
    package var type: String
    /// The program and the arguments that always stand.
    package var command: [String]
    /// The arguments that a user may replace.
    package var arguments: [String]
    /// Whether the program is run as it is, without a shell.
    package var isDirect: Bool
    /// Whether it is what starts when nothing is named.
    package var isDefault: Bool
    /// The folder it starts in; `nil` is the application's.
    package var workingDirectory: String?
    /// The execution environments it is for; `nil` is all of them.
    package var executionEnvironments: [String]?

    package init(
        _ type: String, command: [String], arguments: [String] = [], isDirect: Bool = true, isDefault: Bool = false,
        workingDirectory: String? = nil, executionEnvironments: [String]? = nil
    ) {
        self.type = type
        self.command = command
        self.arguments = arguments
        self.isDirect = isDirect
        self.isDefault = isDefault
        self.workingDirectory = workingDirectory
        self.executionEnvironments = executionEnvironments
    }
}

extension LayerTypes: Codable {
    /// The types by their names, in the specification's order.
    package static let named: [(name: String, type: LayerTypes)] = [
        ("launch", .launch), ("build", .build), ("cache", .cache),
    ]

    package var names: [String] { Self.named.filter { contains($0.type) }.map(\.name) }

    /// Reads a list of `launch`, `build` and `cache`; other names are an error.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = try container.decode([String].self).reduce(into: []) { types, name in
            guard let known = Self.named.first(where: { $0.name == name }) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "no such type of layer: \(name)")
            }
            types.formUnion(known.type)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(names)
    }
}
