import BuildpackAPI
import Diagnostics
import Files
import Glibc
import SystemPackage

/// What a scan of a project's source comes to: its variables, and what the user should know.
struct ScanResult {
    private let hits: [ScanHit]
    private let shellReads: [ProjectVariable]
    private let imports: ConfigurationImports

    /// - Parameters:
    ///   - hits: what the helper found, files in any order; configuration that nothing imports is left out here.
    ///   - shellReads: the variables of the templates in `rel/`.
    ///   - configFolder: the folder of the configuration, relative to the project's.
    ///   - startFiles: the configuration that releases read when they start.
    init(
        hits: [ScanHit], shellReads: [ProjectVariable], configFolder: String = "config", startFiles: [String] = []
    ) {
        let imports = ConfigurationImports(hits, folder: configFolder, startFiles: startFiles)
        self.imports = imports
        self.hits = hits.filter { !ConfigurationImports.isConfiguration($0.file) || imports.phases[$0.file] != nil }
        self.shellReads = shellReads
    }

    /// Each variable once per phase, at the place that needs it most; build before run, needed before optional, by name.
    var variables: [ProjectVariable] {
        var byKey: [String: ProjectVariable] = [:]
        for variable in reads + shellReads {
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

    private var reads: [ProjectVariable] {
        hits.filter { $0.kind == .read }.flatMap { hit in phases(of: hit).compactMap { hit.variable(phase: $0) } }
    }

    /// The reads whose variables have no name that could be found; they are why the list may lack some.
    var unnamedReads: [UnnamedRead] {
        hits.filter { $0.kind == .dynamic }.flatMap { hit in
            phases(of: hit).map { UnnamedRead(expression: hit.name, phase: $0, file: hit.file, line: hit.line) }
        }
    }

    /// When a hit is read: for configuration, whoever loads the file decides.
    private func phases(of hit: ScanHit) -> [ProjectVariable.Phase] {
        if hit.isFixed != true, let phases = imports.phases[hit.file] {
            return phases.sorted { $0.rawValue < $1.rawValue }
        }
        return hit.phase.map { [$0] } ?? []
    }

    /// Warnings about secrets read at build time, addresses that no one outside reaches, servers that stay off, and
    /// what fails in a release or while it is made.
    func findings(root: FilePath, project: MixProject) -> [Diagnostic] {
        buildSecrets + unnamed + loopback + missingImports(root) + mix(root) + functions
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
        variables.filter { $0.mayEndInImage && SecretName.isSecret($0.name) }.map {
            Diagnostic(
                .warning, "\($0.name) is read when the project is built, so its value ends up in the image",
                file: $0.file, line: $0.line, advice: "read it in config/runtime.exs instead")
        }
    }

    private var unnamed: [Diagnostic] {
        guard let first = unnamedReads.first else { return [] }
        let places = Set(unnamedReads.map { "\($0.file):\($0.line)" }).subtracting(["\(first.file):\(first.line)"])
            .sorted()
        let more = places.count > 2 ? " and \(places.count - 2) more places" : ""
        let others = places.isEmpty ? "" : "; so do \(places.prefix(2).joined(separator: ", "))\(more)"
        return [
            Diagnostic(
                .note,
                "the list of variables is incomplete: \(first.expression) reads one whose name is known only when it runs\(others)",
                file: first.file, line: first.line)
        ]
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
        hits.filter { $0.kind == .import && !$0.name.contains("*") && $0.condition == nil }.compactMap { hit in
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
    fileprivate func variable(phase: ProjectVariable.Phase) -> ProjectVariable? {
        guard let need else { return nil }
        return ProjectVariable(
            name: name, phase: phase, need: need, defaultValue: `default`, file: file, line: line, condition: condition,
            conditionLine: conditionLine)
    }
}

extension ProjectVariable.Need {
    /// The smaller, the more the project needs the variable.
    package var rank: Int {
        switch self {
        case .required: 0
        case .conditional: 1
        case .default: 2
        case .flag: 3
        case .optional: 4
        }
    }
}

/// Which files of configuration production reads, and when: config.exs and what it imports when the project is built,
/// runtime.exs and what that loads when a release starts.
struct ConfigurationImports {
    /// The files that are reached, of those in which something was found, with the phases in which they are read.
    let phases: [String: Set<ProjectVariable.Phase>]

    init(_ hits: [ScanHit], folder: String, startFiles: [String]) {
        let files = Set(hits.map(\.file))
        let imports = Dictionary(grouping: hits.filter { $0.kind == .import }, by: \.file)
        let starts = ["\(folder)/runtime.exs", "\(folder)/releases.exs"] + startFiles
        var phases: [String: Set<ProjectVariable.Phase>] = [:]
        var open: [(file: String, phase: ProjectVariable.Phase)] =
            [("\(folder)/config.exs", .build)] + starts.map { ($0, .run) }
        while let (file, phase) = open.popLast() {
            guard phases[file, default: []].insert(phase).inserted else { continue }
            for hit in imports[file] ?? [] {
                open += Self.files(of: hit, among: files).map { ($0, phase) }
            }
        }
        self.phases = phases
    }

    /// The files that an import means; one with a computed name may be any but those of other environments.
    private static func files(of hit: ScanHit, among files: Set<String>) -> [String] {
        let path = path(of: hit)
        guard path.contains("*") else { return [path] }
        let candidates = files.filter(mayBeComputed)
        if hit.name == "*" { return Array(candidates) }
        return candidates.filter { fnmatch(path, $0, FNM_PATHNAME) == 0 }
    }

    /// Whether a file is one of configuration, the project's or a child's.
    static func isConfiguration(_ file: String) -> Bool {
        file.hasSuffix(".exs") && file.split(separator: "/").contains("config")
    }

    /// The file that an import means, relative to the project's folder.
    static func path(of hit: ScanHit) -> String {
        // What begins with a slash is relative to the project's folder already.
        if hit.name.hasPrefix("/") { return FilePath(String(hit.name.dropFirst())).lexicallyNormalized().string }
        return FilePath(hit.file).removingLastComponent().appending(hit.name).lexicallyNormalized().string
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
