import BuildpackAPI
import Files
import SystemPackage

/// The environment that accumulates over the buildpacks of a build: what build layers add for those that follow.
struct BuildEnvironment {
    private(set) var variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    /// Adds what a buildpack's build layers contribute, layer by layer in order of their names.
    ///
    /// External buildpacks keep their rules in files, with the machine's paths in place of those they saw.
    /// - Throws: `Failure` for a rule that cannot be read.
    mutating func add(_ part: BuiltLayers.Part) throws {
        for layer in part.result.layers.sorted(by: { $0.name < $1.name }) where layer.types.contains(.build) {
            let folder = part.folder(of: layer)
            addFolders(of: folder)
            for rule in try rules(of: layer, in: folder, part) { variables.apply(rule) }
        }
    }

    private func rules(
        of layer: LayerContribution, in folder: FilePath, _ part: BuiltLayers.Part
    ) throws -> [EnvironmentRule] {
        guard part.isExternal else {
            return layer.environment.filter { $0.scope == .all } + layer.environment.filter { $0.scope == .build }
        }
        let api = APIVersion(part.buildpack.api) ?? APIVersion.supported.upperBound
        return try [("env", EnvironmentRule.Scope.all), ("env.build", .build)].flatMap { name, scope in
            let files = EnvironmentFolder(path: folder.appending(name), api: api, root: part.layersDirectory)
            return try files.rules(scope: scope).map { rule in
                var rule = rule
                let own = ProjectCache.escaped(part.buildpack.id)
                rule.value = rule.value.replacing("/layers/\(own)/", with: part.layersDirectory.string + "/")
                return rule
            }
        }
    }

    private static let folderVariables = [
        ("bin", "PATH"), ("lib", "LD_LIBRARY_PATH"), ("lib", "LIBRARY_PATH"), ("include", "CPATH"),
        ("pkgconfig", "PKG_CONFIG_PATH"),
    ]

    private mutating func addFolders(of layer: FilePath) {
        for (folder, variable) in Self.folderVariables where layer.appending(folder).isFolder {
            variables.prependPath(layer.appending(folder).string, to: variable)
        }
    }
}

extension [String: String] {
    /// Applies a layer's rule to the environment (specification, "Environment Variable Modification Rules").
    mutating func apply(_ rule: EnvironmentRule) {
        let current = self[rule.name] ?? ""
        let delimiter = current.isEmpty || rule.value.isEmpty ? "" : rule.delimiter
        switch rule.action {
        case .override: self[rule.name] = rule.value
        case .default: if current.isEmpty { self[rule.name] = rule.value }
        case .append: self[rule.name] = current + delimiter + rule.value
        case .prepend: self[rule.name] = rule.value + delimiter + current
        }
    }

    /// Puts a folder in front of a path variable.
    mutating func prependPath(_ folder: String, to name: String) {
        let current = self[name] ?? ""
        self[name] = current.isEmpty ? folder : folder + ":" + current
    }
}

/// The environments of a build side by side: that of mixpack's own buildpacks has the developer's variables, that of the
/// others has not.
struct BuildEnvironments {
    private var own: BuildEnvironment
    private var foreign: BuildEnvironment

    init(_ services: PlatformServices, _ cache: ProjectCache, _ surroundings: Surroundings) {
        own = BuildEnvironment(services.buildEnvironment(cache, isExternal: false, surroundings))
        foreign = BuildEnvironment(services.buildEnvironment(cache, isExternal: true, surroundings))
    }

    /// What a buildpack sees.
    func variables(for buildpack: any Buildpack) -> [String: String] {
        buildpack.isExternal ? foreign.variables : own.variables
    }

    /// Adds what a buildpack's build layers contribute, for those that follow.
    /// - Throws: `Failure` for a rule that cannot be read.
    mutating func add(_ part: BuiltLayers.Part) throws {
        try own.add(part)
        try foreign.add(part)
    }
}

/// The variables of mixpack's own environment that commands of a build may see.
///
/// The first list is what the reference lifecycle passes on, without the paths: there they are the build image's, here the
/// machine's. The second and third list are what mix, Hex and git need on a developer's machine.
enum MachineEnvironment {
    private static let specified: Set<String> = [
        "HOSTNAME", "HOME", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy",
    ]
    private static let paths: Set<String> = [
        "PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "PKG_CONFIG_PATH",
    ]
    private static let developer: Set<String> = [
        "MIX_HOME", "MIX_ARCHIVES", "KERL_BASE_DIR", "HOMEBREW_PREFIX", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME", "NVM_DIR", "VOLTA_HOME", "FNM_DIR", "PNPM_HOME", "BUN_INSTALL", "MIX_REBAR3", "SSH_AUTH_SOCK",
        "GIT_SSH_COMMAND",
        "CARGO_HOME", "RUSTUP_HOME", "MIX_XDG", "GIT_CONFIG_GLOBAL",
    ]

    /// The part of `environment` that buildpacks of others start from: it leads to the network, and to no folder.
    static func specified(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in specified.contains(name) }
    }

    /// The part of a builder's variables that its buildpacks start from, as the reference lifecycle has it.
    static func ofBuilder(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in specified.contains(name) || paths.contains(name) || name == "CNB_STACK_ID" }
    }

    /// The part of `environment` that a build starts from.
    static func scrubbed(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in
            specified.contains(name) || paths.contains(name) || developer.contains(name) || name.hasPrefix("HEX_")
                || isOfVersionManager(name)
        }
    }

    /// What tells which version of a tool is meant; managers' variables may hold tokens too, which no build sees.
    private static func isOfVersionManager(_ name: String) -> Bool {
        ["ASDF_", "MISE_", "EXENV_"].contains { name.hasPrefix($0) }
            && ["_VERSION", "_DIR", "_FILE", "_FILENAME", "_ROOT", "_ENV"].contains { name.hasSuffix($0) }
    }
}
