import BuildpackAPI
import Diagnostics
import Files
import SystemPackage

/// What a scan of a project's source comes to: its variables, and what the user should know.
struct ScanResult {
    private let hits: [ScanHit]
    private let shellReads: [ProjectVariable]

    /// - Parameters:
    ///   - hits: what the helper found, files in any order; configuration that nothing imports is left out here.
    ///   - shellReads: the variables of the templates in `rel/`.
    init(hits: [ScanHit], shellReads: [ProjectVariable]) {
        let reached = ConfigurationImports(hits).reached
        self.hits = hits.filter { !ConfigurationImports.isConfiguration($0.file) || reached.contains($0.file) }
        self.shellReads = shellReads
    }

    /// Each variable once per phase, at the place that needs it most; build before run, needed before optional, by name.
    var variables: [ProjectVariable] {
        var byKey: [String: ProjectVariable] = [:]
        for variable in hits.compactMap(\.variable) + shellReads {
            let key = "\(variable.phase.rawValue) \(variable.name)"
            if let known = byKey[key], known.need.rank <= variable.need.rank { continue }
            byKey[key] = variable
        }
        return byKey.values.sorted { left, right in
            if left.phase != right.phase { return left.phase == .build }
            if left.need != right.need { return left.need.rank < right.need.rank }
            return left.name < right.name
        }
    }

    /// Warnings about secrets read at build time, addresses that no one outside reaches, servers that stay off, and
    /// what fails in a release or while it is made.
    func findings(root: FilePath, project: MixProject) -> [Diagnostic] {
        buildSecrets + loopback + missingImports(root) + mix(root) + functions
            + UnlistedApplications(root: root, project: project).findings(hits)
            + (project.usesPhoenix ? silentServer : [])
    }

    /// Calls of Mix in a release, which has it only if mix.exs lists `:mix` as an application.
    private func mix(_ root: FilePath) -> [Diagnostic] {
        let calls = hits.filter { $0.kind == .mix }
        guard !calls.isEmpty, root.appending("mix.exs").text?.contains(/:mix\b/) == false else { return [] }
        return calls.map { hit in
            Diagnostic(
                .warning, "\(hit.name) is called when the release runs, and a release has no Mix", file: hit.file,
                line: hit.line,
                advice: ConfigurationImports.isConfiguration(hit.file)
                    ? "use config_env() instead" : "read it when the code is compiled: @env Mix.env()")
        }
    }

    private var functions: [Diagnostic] {
        hits.filter { $0.kind == .function && ConfigurationImports.isConfiguration($0.file) }.map {
            Diagnostic(
                .error, "a function is a value of the configuration, and a release cannot keep that", file: $0.file,
                line: $0.line,
                advice: "give {Module, :function, arguments} or &Module.function/1, or set it in config/runtime.exs")
        }
    }

    private var buildSecrets: [Diagnostic] {
        variables.filter { $0.phase == .build && !$0.isDynamic && SecretName.isSecret($0.name) }.map {
            Diagnostic(
                .warning, "\($0.name) is read when the project is built, so its value ends up in the image",
                file: $0.file, line: $0.line, advice: "read it in config/runtime.exs instead")
        }
    }

    /// Of the configuration only the part that has the last word counts: start-time over production over common.
    private var loopback: [Diagnostic] {
        let addresses = hits.filter { $0.kind == .loopback || $0.kind == .listens }
        let ranked = addresses.map { (hit: $0, rank: Self.rank(ofConfiguration: $0.file)) }
        let last = ranked.compactMap(\.rank).max()
        return ranked.filter { $0.hit.kind == .loopback && ($0.rank == nil || $0.rank == last) }.map {
            Diagnostic(
                .warning, "listens on \($0.hit.name) only, so nothing outside the container reaches it",
                file: $0.hit.file, line: $0.hit.line, advice: "listen on {0, 0, 0, 0}")
        }
    }

    private static func rank(ofConfiguration file: String) -> Int? {
        guard ConfigurationImports.isConfiguration(file) else { return nil }
        if file.hasSuffix("/runtime.exs") || file.hasSuffix("/releases.exs") { return 2 }
        return file.hasSuffix("/config.exs") ? 0 : 1
    }

    /// Files that the configuration imports by name and that are not there, as prod.secret.exs often is not.
    private func missingImports(_ root: FilePath) -> [Diagnostic] {
        hits.filter { $0.kind == .import && !$0.name.contains("*") }.compactMap { hit in
            let path = ConfigurationImports.path(of: hit)
            if root.appending(path).leadsSomewhere { return nil }
            return Diagnostic(
                .warning, "imports \(path), which does not exist", file: hit.file, line: hit.line,
                advice: "move its settings to config/runtime.exs, or add the file")
        }
    }

    private var silentServer: [Diagnostic] {
        let isSwitched = hits.contains { $0.kind == .server || ($0.kind == .read && $0.name == "PHX_SERVER") }
        return isSwitched ? [] : [.silentServer]
    }
}

extension ScanHit {
    fileprivate var variable: ProjectVariable? {
        guard kind == .read, let phase, let need else { return nil }
        return ProjectVariable(
            name: name, phase: phase, need: need, defaultValue: `default`, file: file, line: line,
            isDynamic: dynamic ?? false)
    }
}

extension ProjectVariable.Need {
    /// The smaller, the more the project needs the variable.
    fileprivate var rank: Int {
        switch self {
        case .required: 0
        case .default: 1
        case .flag: 2
        case .optional: 3
        }
    }
}

/// Which files of configuration a production build reads: config.exs, what it imports, and what is read at the start.
struct ConfigurationImports {
    /// The files that are reached, of those in which something was found.
    let reached: Set<String>

    init(_ hits: [ScanHit]) {
        let files = Set(hits.map(\.file))
        let imports = Dictionary(grouping: hits.filter { $0.kind == .import }, by: \.file)
        var reached: Set<String> = []
        var open = ["config/config.exs", "config/runtime.exs", "config/releases.exs"]
        while let file = open.popLast() {
            guard reached.insert(file).inserted else { continue }
            for hit in imports[file] ?? [] {
                // A computed name may be any file but those of other environments.
                open += hit.name.contains("*") ? files.filter(Self.mayBeComputed) : [Self.path(of: hit)]
            }
        }
        self.reached = reached
    }

    /// Whether a file is one of configuration, the project's or a child's.
    static func isConfiguration(_ file: String) -> Bool {
        file.hasSuffix(".exs") && file.split(separator: "/").contains("config")
    }

    /// The file that an import means, relative to the project's folder.
    static func path(of hit: ScanHit) -> String {
        FilePath(hit.file).removingLastComponent().appending(hit.name).lexicallyNormalized().string
    }

    private static func mayBeComputed(_ file: String) -> Bool {
        let name = FilePath(file).lastComponent?.string ?? ""
        return isConfiguration(file) && !name.hasPrefix("dev.") && !name.hasPrefix("test.")
    }
}

extension Diagnostic {
    /// The endpoint of a project with Phoenix does not listen, whatever release is started.
    package static let silentServer = Diagnostic(
        .warning, "no configuration turns the Phoenix server on: the release would start without it",
        advice:
            "set server: true for the endpoint in config/runtime.exs, as newer templates do if PHX_SERVER is set, "
            + "or run with -e ELIXIR_ERL_OPTIONS=\"-phoenix serve_endpoints true\"")
}
