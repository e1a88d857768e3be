/// What a mix.exs says, out of its literal values.
extension MixFile {
    func facts(folder: String) -> ProjectFacts {
        let project = project
        var facts = ProjectFacts(folder: folder)
        facts.app = project["app"]?.atom
        facts.version = project["version"]?.string
        facts.elixir = project["elixir"]?.string
        facts.appsPath = project["apps_path"]?.string
        facts.apps = project["apps"]?.elements?.compactMap(\.atom)
        facts.defaultRelease = project["default_release"]?.atom
        facts.lockfile = project["lockfile"]?.string
        facts.buildPath = project["build_path"]?.string
        facts.configPath = project["config_path"]?.string
        facts.sourceURL = project["source_url"]?.string
        facts.aliases = project["aliases"]?.pairs.map(\.key) ?? []
        facts.compilers = project["compilers"]?.elements?.compactMap(\.atom) ?? []
        facts.isEscript = project["escript"].map { $0 != .atom("nil") } ?? false
        let preferred = cli?["preferred_envs"]?["release"] ?? project["preferred_cli_env"]?["release"]
        facts.releaseEnvironment = preferred?.atom.flatMap { $0 == "nil" ? nil : $0 }
        facts.releases = project["releases"]?.pairs.map { Self.release($0.key, $0.value, project, facts) } ?? []
        facts.dependencies = project["deps"]?.elements?.compactMap(Self.dependency) ?? []
        facts.hasApplicationCallback = hasApplicationCallback
        facts.unknowns = Self.unknowns(project)
        return facts
    }

    private var hasApplicationCallback: Bool? {
        guard let application else { return false }
        if application["mod"] != nil { return true }
        return application.hasUnknown ? nil : false
    }

    /// The keys of `project` that matter to a build and cannot be read.
    private static func unknowns(_ project: ElixirValue) -> [String] {
        let keys = ["app", "version", "apps_path", "apps", "elixir", "releases", "default_release", "deps", "aliases"]
        // `[…] ++ computed()` may add any key.
        let mayHaveMore = project.elements?.contains(.unknown) ?? true
        return keys.filter { key in
            guard let value = project[key] else { return mayHaveMore }
            switch key {
            // Steps, versions and options of a release may be computed; its name is what counts here.
            case "releases", "aliases": return value.elements?.contains { $0 == .unknown } ?? true
            default: return value.hasUnknown
            }
        }
    }

    private static func release(
        _ name: String, _ value: ElixirValue, _ project: ElixirValue, _ facts: ProjectFacts
    ) -> ProjectFacts.Release {
        var release = ProjectFacts.Release(name: name)
        release.version = value["version"] == nil ? project["version"]?.string : value["version"]?.string
        release.applications =
            value["applications"]?.pairs.map {
                MixRelease.Application(name: $0.key, mode: $0.value.atom ?? "permanent")
            } ?? []
        release.setsCookie = value["cookie"] != nil
        release.includesErts = value["include_erts"] != .atom("false")
        release.makesArchive = value["steps"]?.elements?.contains(.atom("tar")) ?? false
        switch value["runtime_config_path"] {
        case .atom("false"): release.runtimeConfigPath = nil
        case .string(let path): release.runtimeConfigPath = path
        default: release.runtimeConfigPath = "\(facts.configFolder)/runtime.exs"
        }
        return release
    }

    private static func dependency(_ value: ElixirValue) -> ProjectFacts.Dependency? {
        guard case .tuple(let parts) = value, let name = parts.first?.atom else { return nil }
        var dependency = ProjectFacts.Dependency(name: name)
        dependency.requirement = parts.dropFirst().first?.string
        guard let options = parts.dropFirst().last, options.elements != nil else { return dependency }
        dependency.git = gitURL(options)
        dependency.path = options["path"]?.string
        dependency.inUmbrella = options["in_umbrella"]?.isTrue ?? false
        dependency.repository = options["organization"]?.string.map { "hexpm:\($0)" } ?? options["repo"]?.string
        if let only = options["only"] {
            let environments = only.elements?.compactMap(\.atom) ?? only.atom.map { [$0] }
            dependency.isForProduction = environments?.contains("prod") ?? true
        }
        return dependency
    }

    private static func gitURL(_ options: ElixirValue) -> String? {
        if let url = options["git"]?.string { return url }
        if let name = options["github"]?.string { return "https://github.com/\(name).git" }
        return nil
    }
}
