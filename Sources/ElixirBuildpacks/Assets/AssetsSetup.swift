import BuildpackAPI
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage

/// Fetches what assets are made with: the alias `assets.setup`, and the programs of esbuild, tailwind and their like.
struct AssetsSetup {
    let mix: MixRunner
    /// The folder that defines `assets.deploy`, relative to the project's.
    let folder: String
    /// The folder that keeps what was set up last.
    let cache: FilePath
    let elixirVersion: String

    /// Packages whose task fetches a program, with the task and the beginning of the program's name in `_build`.
    private static let installers = [
        (package: "esbuild", task: "esbuild.install", program: "esbuild-"),
        (package: "tailwind", task: "tailwind.install", program: "tailwind-"),
        (package: "dart_sass", task: "sass.install", program: "dart"),
        (package: "bun", task: "bun.install", program: "bun"),
    ]

    private var place: FilePath { mix.places.copy.pushing(FilePath(folder)) }
    private var build: FilePath { mix.places.copy.appending("_build") }
    private var stamp: FilePath {
        cache.appending("assets-setup").appending(folder.replacing("/", with: "-") + ".stamp")
    }

    /// Sets up what has not been set up for the same files.
    /// - Returns: why it failed; what the assets need may be there nevertheless.
    /// - Throws: `Failure` where `assets.setup` or a dependency fails.
    func run() async throws -> Failure? {
        let hasAlias = Self.definesSetup(place)
        let tasks = (hasAlias ? [["assets.setup"]] : []) + missingInstallers
        let wanted = try state(tasks)
        let isThere = hasAlias && stamp.text == wanted
        guard !tasks.isEmpty, !isThere else { return nil }
        // Dependencies may read secrets while they compile, so they are compiled before.
        let compilation = try await mix.mix(["deps.loadpaths"], in: seen)
        guard compilation.end.isSuccess else { throw mix.failure(of: "mix deps.loadpaths", compilation) }
        let before = stamps()
        let outcome = try await mix.mix(
            TaskChain(tasks: [["deps.loadpaths"]] + tasks).words(for: elixirVersion), in: seen, step: .fetch)
        try forgetCompiled(since: before)
        guard outcome.end.isSuccess else {
            let problem = mix.failure(of: "mix \(tasks[0].joined(separator: " "))", outcome)
            if hasAlias { throw problem }
            return problem
        }
        try stamp.removingLastComponent().makeFolders()
        try stamp.replace(with: wanted.utf8)
        return nil
    }

    private var seen: FilePath? { folder == "." ? nil : mix.places.workspace.appending(folder) }

    /// The tasks that fetch what neither is there nor comes by `assets.setup`.
    private var missingInstallers: [[String]] {
        let text = place.appending("mix.exs").text ?? ""
        let known = Set(mix.project.dependencies.filter(\.isForProduction).map(\.name))
        let programs = AssetPrograms.programs(in: build)
        return Self.installers.filter { installer in
            known.contains(installer.package) && !text.contains(installer.task)
                && mix.places.copy.appending("deps/\(installer.package)").isFolder
                && !programs.contains { $0.hasPrefix(installer.program) }
        }
        .map { [$0.task, "--if-missing"] }
    }

    /// What the setup goes by, as far as files say it.
    private func state(_ tasks: [[String]]) throws -> String {
        let files = [
            mix.places.copy.pushing(FilePath(mix.project.lockPath)), place.appending("mix.exs"),
            place.appending("package.json"), place.appending("package-lock.json"),
            place.appending("assets/package.json"), place.appending("assets/package-lock.json"),
        ]
        let configuration = mix.places.copy.appending("config")
        let all = files + configuration.names.sorted().map(configuration.appending)
        let text = all.map { $0.text ?? "" }.joined(separator: "\0") + tasks.joined().joined(separator: " ")
        return try MessageDigest.hex(of: Array(text.utf8))
    }

    // MARK: What was compiled on the way

    /// The project's own applications, as they were compiled.
    private func stamps() -> [FilePath: FileStamp] {
        let names = [mix.project.app].compactMap(\.self) + mix.project.children.map(\.name)
        var stamps: [FilePath: FileStamp] = [:]
        for name in names {
            let application = mix.compiled.appending(name)
            stamps[application] = FileStamp(of: application.appending(".mix/compile.elixir"))
        }
        return stamps
    }

    /// A task may have compiled the project, which had no secrets there: that is compiled again.
    private func forgetCompiled(since before: [FilePath: FileStamp]) throws {
        for (application, stamp) in stamps() where before[application] != stamp { try application.remove() }
    }

    private static func definesSetup(_ folder: FilePath) -> Bool {
        let text = folder.appending("mix.exs").text ?? ""
        return text.split(separator: "\n").contains { line in
            line.contains("\"assets.setup\":") && !line.drop { $0 == " " }.hasPrefix("#")
        }
    }
}

/// Lines of project.toml that fetch: each of their commands goes to a folder or is known to fetch.
enum FetchingLine {
    private static let fetching: [String: Set<String>] = [
        "npm": ["ci", "i", "install"], "pnpm": ["i", "install", "fetch"], "yarn": ["", "install"],
        "bun": ["i", "install"],
        "mix": ["assets.setup", "deps.get", "esbuild.install", "tailwind.install", "sass.install", "bun.install"],
        "cargo": ["fetch"], "curl": [], "wget": [],
    ]

    /// Whether a line fetches and does nothing else.
    static func fetches(_ line: String) -> Bool {
        let commands = line.split(separator: "&&").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        let rest = commands.filter { $0.first != "cd" }
        return !rest.isEmpty && !line.contains(where: ";|`$".contains) && rest.allSatisfy(isFetching)
    }

    private static func isFetching(_ words: [String]) -> Bool {
        guard let program = words.first, let known = fetching[program] else { return false }
        guard !known.isEmpty else { return true }
        var rest = words.dropFirst()
        // `npm --prefix assets ci` and the like.
        while let word = rest.first, word.hasPrefix("-") {
            let takesValue = ["--prefix", "--cwd", "--dir", "-C"].contains(word)
            rest = rest.dropFirst(takesValue ? 2 : 1)
        }
        return known.contains(rest.first ?? "")
    }
}
