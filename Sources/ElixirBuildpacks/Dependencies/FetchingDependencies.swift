import BuildpackAPI
import Commands
import Files
import SystemPackage

/// Dependencies that fetch while they compile: crates, precompiled libraries, a compiler.
///
/// They are compiled before the project, with the network and without secrets, so that the project itself is compiled with
/// secrets and without the network.
struct FetchingDependencies {
    struct Found: Hashable {
        var name: String
        /// What shows that it fetches, such as `rustler_precompiled`.
        var reason: String
    }

    /// The folder with the sources, by name.
    let folder: FilePath

    private static let builders = ["rustler_precompiled", "rustler", "cc_precompiler", "elixir_make", "zigler"]

    /// - Parameter names: the dependencies to look at, in order.
    func found(among names: [String]) -> [Found] {
        names.compactMap { name in Self.reason(name, folder.appending(name)).map { Found(name: name, reason: $0) } }
    }

    /// Why a dependency may fetch; `nil` if nothing shows it.
    static func reason(_ name: String, _ source: FilePath) -> String? {
        let text = source.appending("mix.exs").text ?? ""
        let code = text.split(whereSeparator: \.isNewline).filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined()
        if let builder = builders.first(where: { $0 != name && code.contains("{:\($0),") }) { return builder }
        let crates = [source] + source.appending("native").names.map { source.appending("native").appending($0) }
        return crates.contains { $0.appending("Cargo.toml").isFile } ? "cargo" : nil
    }

    static func say(_ found: [Found], _ reporter: BuildpackReporter) {
        guard !found.isEmpty else { return }
        let words = found.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
        reporter(.notice("compiled first, with network and without secrets, because they may fetch: \(words)"))
    }
}

/// Compiles those of a project that are not compiled yet, and fetches the crates of its own native code.
struct FetchingCompilation {
    let mix: MixRunner

    private var sources: FilePath { mix.places.copy.appending("deps") }

    /// - Throws: `Failure` where a dependency cannot be compiled.
    func run() async throws {
        let names = mix.project.dependencies.filter { [.hex, .git].contains($0.source) && $0.isForProduction }
            .map(\.name)
        let all = Set(names).union(mix.project.lockedDependencies).intersection(sources.names).sorted()
        let missing = FetchingDependencies(folder: sources).found(among: all.filter(isOutdated))
        if !missing.isEmpty {
            FetchingDependencies.say(missing, mix.context.reporter)
            let words = ["deps.compile"] + missing.map(\.name) + ["--include-children"]
            let outcome = try await mix.mix(words, step: .fetch)
            guard outcome.end.isSuccess else { throw mix.failure(of: "mix deps.compile", outcome) }
        }
        let path = ProgramLookup(searchPath: mix.environment.variables["PATH"])
        guard path.find("cargo") != nil else { return }
        for crate in mix.project.nativeCode { try await fetchCrates(crate) }
    }

    /// Whether mix would compile it, as far as mix goes by times.
    private func isOutdated(_ name: String) -> Bool {
        let place = mix.compiled.appending(name)
        guard place.appending("ebin/\(name).app").isFile else { return true }
        guard let fetched = FileStamp(of: sources.appending(name).appending(".fetch"))?.modified else { return false }
        guard let compiled = FileStamp(of: place.appending(".mix/compile.fetch"))?.modified else { return false }
        return fetched > compiled
    }

    /// Fetches crates, once for the same files; if they cannot be fetched, cargo says why when it compiles.
    private func fetchCrates(_ folder: String) async throws {
        let crate = mix.places.copy.pushing(FilePath(folder))
        guard let manifest = crate.appending("Cargo.toml").text else { return }
        let stamp = mix.places.home.appending("crates").appending(folder.replacing("/", with: "-"))
        try stamp.removeLinks(below: mix.places.home)
        let known = manifest + "\n" + (crate.appending("Cargo.lock").text ?? "")
        guard stamp.text != known else { return }
        let place = mix.places.workspace.pushing(FilePath(folder))
        let outcome = try await mix.program(["cargo", "fetch"], in: place, step: .fetch)
        guard outcome.end.isSuccess else { return }
        try stamp.removingLastComponent().makeFolders()
        // The first fetch may write the lock file; the project's own has none, so that the next one sees none either.
        try stamp.replace(with: known.utf8)
    }
}
