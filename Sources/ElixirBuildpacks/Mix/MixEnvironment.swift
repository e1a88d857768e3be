import BuildpackAPI
import Commands
import Files
import MixInspection
import SystemPackage
import Toolchains

/// The variables and further folders that mix gets: the scrubbed ones, what a reproducible build needs, and the user's.
///
/// A step that fetches has other variables than one that builds, and is shown more: see `MixStep`.
struct MixEnvironment {
    /// Those of a step that builds.
    let variables: [String: String]
    /// Those of a step that fetches.
    let fetching: [String: String]
    /// Made-up values for the secrets that a step that fetches does not get: a configuration may insist on having one.
    let standIns: [String: String]
    /// Folders and files besides the project's own that the sandbox shows, at the paths they have on the machine.
    let binds: [Sandbox.Bind]
    /// What the sandbox of a step that fetches shows besides.
    let fetchingBinds: [Sandbox.Bind]
    /// What each VM loads so that clean builds give the same beams.
    let beams: RepeatableBeams.Helper?

    private static let erlangOptions = "ELIXIR_ERL_OPTIONS"
    /// Variables of the user's that name folders of the machine and would lead mix away from its own.
    private static let ours: Set<String> = [
        "HOME", "MIX_HOME", "MIX_ARCHIVES", "HEX_HOME", "MIX_BUILD_PATH", "MIX_BUILD_ROOT", "MIX_DEPS_PATH", "MIX_EXS",
    ]
    /// Whether a variable of the user's is kept from what builds.
    static func isOurs(_ name: String) -> Bool { ours.contains(name) || SecretName.isForFetching(name) }

    private static let paths: Set<String> = ["PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "PKG_CONFIG_PATH"]
    private static let passed: Set<String> = [
        "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "LD_LIBRARY_PATH",
        "LIBRARY_PATH", "CPATH", "PKG_CONFIG_PATH",
    ]

    /// - Parameters:
    ///   - usesAgent: whether git dependencies come by ssh, so that the user's agent is needed.
    ///   - tools: the user's own programs that the build needs.
    ///   - beams: what makes beams repeatable, if this toolchain has it.
    ///   - settings: variables that hold where the machine's do not say otherwise.
    init(
        _ context: BuildContext, toolchain: Toolchain, places: MixPlaces, usesAgent: Bool, tools: BuildTools,
        beams: RepeatableBeams.Helper? = nil, settings: [String: String] = [:]
    ) {
        var variables = context.environment.filter { name, _ in
            Self.passed.contains(name) || name.hasPrefix("HEX_") && !SecretName.isSecret(name)
                || name.hasPrefix("MIXPACK_")
        }
        var binds = toolchain.folders.map { Sandbox.Bind($0, at: $0) }
        variables["PATH"] = Self.searchPath(context, toolchain, tools, places, &binds)
        variables.merge(settings) { own, _ in own }
        variables.merge(Self.fixed(places)) { $1 }
        variables.merge(Self.foldersInContext(places)) { $1 }
        self.beams = beams
        if let beams, let options = beams.options(places) {
            variables[Self.erlangOptions] = options
            if places.isSandboxed { binds.append(Sandbox.Bind(beams.folder, at: beams.seen(places))) }
        }
        Self.add(tools, context, places, &variables, &binds)
        for (name, value) in context.platformVariables where !Self.isOurs(name) {
            let before = Self.paths.contains(name) ? variables[name] : nil
            variables[name] = before.map { "\(value):\($0)" } ?? value
            if name == Self.erlangOptions, let own = beams?.options(places) { variables[name] = "\(own) \(value)" }
        }
        self.variables = variables
        self.binds = binds
        var fetchingBinds: [Sandbox.Bind] = []
        var fetching = Self.withoutSecrets(variables, context)
        if usesAgent { Self.addAgent(context, places, &fetching, &fetchingBinds) }
        self.fetching = fetching
        self.fetchingBinds = fetchingBinds
        standIns = Dictionary(
            context.secretsKeptFromFetching.filter { !Self.isOurs($0) }.map { ($0, MadeUpValue.value(for: $0)) },
            uniquingKeysWith: { $1 })
    }

    /// What all commands of a kind of step get.
    func variables(of step: MixStep) -> [String: String] { step == .fetch ? fetching : variables }

    private static func withoutSecrets(_ variables: [String: String], _ context: BuildContext) -> [String: String] {
        var fetching = variables.filter { !context.secretNames.contains($0.key) }
        // Git's token goes to git, and the keys of repositories to Hex's own configuration; Hex reads other keys itself.
        for (name, value) in context.platformVariables where isForHexItself(name) { fetching[name] = value }
        for (name, value) in context.fetchSecrets where !ours.contains(name) {
            if !SecretName.isForFetching(name) || isForHexItself(name) { fetching[name] = value }
        }
        return fetching
    }

    private static func isForHexItself(_ name: String) -> Bool {
        name.hasPrefix("HEX_") && SecretName.isForFetching(name) && !SecretName.isHexKey(name)
            && name != HexAccess.mirrorKeyVariable
    }

    private static func fixed(_ places: MixPlaces) -> [String: String] {
        let home = places.homeSeen
        return [
            "HOME": home.string, "MIX_HOME": home.appending(".mix").string, "HEX_HOME": home.appending(".hex").string,
            "MIX_ENV": "prod", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "ERL_COMPILER_OPTIONS": "deterministic",
            // A crash dump lists the environment, secrets and all.
            "ERL_CRASH_DUMP_SECONDS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        ]
    }

    /// Where mix keeps what it makes: a project in a larger folder may have it shared with others there, as an umbrella's
    /// child has.
    private static func foldersInContext(_ places: MixPlaces) -> [String: String] {
        guard !places.path.isEmpty else { return [:] }
        return [
            "MIX_BUILD_ROOT": places.workspace.appending("_build").string,
            "MIX_DEPS_PATH": places.workspace.appending("deps").string,
        ]
    }

    /// The toolchain first, then what earlier buildpacks contributed, then the system's folders.
    private static func searchPath(
        _ context: BuildContext, _ toolchain: Toolchain, _ tools: BuildTools, _ places: MixPlaces,
        _ binds: inout [Sandbox.Bind]
    ) -> String {
        let given = (context.environment["PATH"] ?? ProgramLookup.systemPath).split(separator: ":").map(String.init)
        let layers = context.layersDirectory.removingLastComponent()
        // mixpack's own runtimes are links to the toolchain, which is there anyway.
        let links = [BuildpackID.erlangRuntime, BuildpackID.elixirRuntime].map { layers.appending($0).string + "/" }
        let foreign = given.filter { entry in !links.contains { entry.hasPrefix($0) } }
        let contributed = foreign.filter { $0.hasPrefix(layers.string + "/") }
        if !contributed.isEmpty { binds.append(Sandbox.Bind(layers, at: layers)) }
        var rest =
            places.isSandboxed ? foreign.filter(Toolchain.isSystem) : foreign.filter { !contributed.contains($0) }
        // The sandbox shows the system's folders, whatever the caller's PATH says.
        if rest.isEmpty { rest = ProgramLookup.systemPath.split(separator: ":").map(String.init) }
        let own = [toolchain.elixirRoot, toolchain.erlangRoot].map { $0.appending("bin").string }
        let users = tools.found.map(\.folder.string).filter { !Toolchain.isSystem($0) }
        var seen: Set<String> = []
        return (own + contributed + users + rest).filter { seen.insert($0).inserted }.joined(separator: ":")
    }

    /// Shows the user's own programs in the sandbox; what cargo fetches stays with the project's cache.
    private static func add(
        _ tools: BuildTools, _ context: BuildContext, _ places: MixPlaces, _ variables: inout [String: String],
        _ binds: inout [Sandbox.Bind]
    ) {
        variables["MIX_REBAR3"] = tools.rebar(context.environment).map { word(for: $0, places) }
        for tool in tools.found {
            for place in tool.shown where !binds.contains(where: { $0.source == place }) {
                binds.append(Sandbox.Bind(place, at: place))
            }
            variables.merge(tool.variables) { $1 }
            if tool.name == "cargo" { variables["CARGO_HOME"] = places.homeSeen.appending(".cargo").string }
        }
    }

    /// A program's path as one word: mix puts it into a shell's line as it is.
    private static func word(for program: FilePath, _ places: MixPlaces) -> String {
        guard program.string.contains(where: \.isWhitespace) else { return program.string }
        let name = "rebar3"
        let link = places.home.appending(name)
        try? link.remove()
        guard (try? link.makeLink(to: program.string)) != nil else { return program.string }
        return places.homeSeen.appending(name).string
    }

    private static func addAgent(
        _ context: BuildContext, _ places: MixPlaces, _ variables: inout [String: String], _ binds: inout [Sandbox.Bind]
    ) {
        if let socket = context.environment["SSH_AUTH_SOCK"], FilePath(socket).leadsSomewhere {
            variables["SSH_AUTH_SOCK"] = socket
            binds.append(Sandbox.Bind(FilePath(socket), at: FilePath(socket)))
        }
        // ssh looks for the hosts it knows in the user's real home folder, which the sandbox does not show.
        guard let home = context.environment["HOME"] else { return }
        let known = FilePath(home).appending(".ssh/known_hosts")
        guard known.leadsSomewhere else { return }
        let seen: FilePath = places.isSandboxed ? "/mixpack/known_hosts" : known
        if places.isSandboxed { binds.append(Sandbox.Bind(known, at: seen)) }
        variables["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o UserKnownHostsFile=\(seen.string)"
    }
}
