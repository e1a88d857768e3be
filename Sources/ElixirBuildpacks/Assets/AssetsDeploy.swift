import BuildpackAPI
import Commands
import Diagnostics
import Files
import FoundationEssentials
import MixInspection
import SystemPackage
import Toolchains

/// Deploys assets where the project says how: dependencies, packages of Node, setup, compilation, and then the assets.
struct AssetsDeploy {
    let mix: MixRunner
    /// The folders that define `assets.deploy`, relative to the project's.
    let folders: [String]
    let cache: FilePath
    let elixirVersion: String

    private var copy: FilePath { mix.places.copy }

    /// - Throws: `Failure` when something is missing or fails.
    func run() async throws {
        guard !folders.isEmpty else { return }
        let programs = AssetPrograms(
            build: copy.appending("_build"), kept: cache.appending("asset-programs"),
            own: mix.context.applicationDirectory.appending("_build"))
        try programs.bring()
        for folder in folders {
            let packages = NodePackages(mix: mix, folder: folder == "." ? "assets" : "\(folder)/assets")
            try await packages.install()
            let setup = Self.definesSetup(copy.appending(folder)) ? [["assets.setup"]] : []
            let tasks = TaskChain(tasks: [["deps.loadpaths"]] + setup + [["compile"], ["assets.deploy"]])
            // esbuild and tailwind fetch their programs the first time.
            let outcome = try await mix.mix(
                tasks.words(for: elixirVersion),
                in: folder == "." ? nil : mix.places.workspace.appending(folder), hasNetwork: true)
            guard outcome.end.isSuccess else {
                throw mix.failure(of: "mix assets.deploy", outcome)
            }
        }
        programs.keep()
    }

    private static func definesSetup(_ folder: FilePath) -> Bool {
        let text = folder.appending("mix.exs").text ?? ""
        return text.split(separator: "\n").contains { line in
            line.contains("\"assets.setup\":") && !line.drop { $0 == " " }.hasPrefix("#")
        }
    }
}

/// The programs of esbuild, tailwind and dart_sass, which mix fetches into `_build`.
///
/// They outlive what is compiled anew, and a project that has run `mix assets.setup` brings its own, so that a build
/// needs no network for them.
struct AssetPrograms {
    /// The build's `_build`.
    let build: FilePath
    /// The folder that keeps them.
    let kept: FilePath
    /// The project's own `_build`.
    let own: FilePath

    private static let names = ["esbuild-", "tailwind-", "dart-sass", "sass-", "dart"]

    /// Puts what is known into `_build`, where it has none.
    func bring() throws {
        for source in [kept, own] {
            for name in Self.programs(in: source) where !build.appending(name).leadsSomewhere {
                try build.makeFolders()
                try source.appending(name).copyTree(to: build.appending(name))
            }
        }
    }

    func keep() {
        for name in Self.programs(in: build) {
            let place = kept.appending(name)
            let isSame = FileStamp(of: place)?.size == FileStamp(of: build.appending(name))?.size
            if place.leadsSomewhere, isSame { continue }
            try? kept.makeFolders()
            try? place.remove()
            try? build.appending(name).copyTree(to: place)
        }
    }

    private static func programs(in folder: FilePath) -> [String] {
        folder.names.filter { name in names.contains { name.hasPrefix($0) } }
    }
}

/// The packages of Node that an assets folder names in its package.json.
struct NodePackages {
    private struct Package: Decodable {
        var dependencies: [String: String]?
        var devDependencies: [String: String]?
        var optionalDependencies: [String: String]?

        var namesAny: Bool {
            [dependencies, devDependencies, optionalDependencies].contains { $0?.isEmpty == false }
        }
    }

    let mix: MixRunner
    /// The folder, relative to the project's.
    let folder: String

    private var place: FilePath { mix.places.copy.appending(folder) }
    private var stamp: FilePath { place.appending("node_modules/.mixpack") }

    /// Installs the packages, where that has not been done for the same files.
    ///
    /// Packages by a path inside the project, such as Phoenix's own in `deps`, are npm's matter too.
    /// - Throws: `Failure` when Node is missing, or the packages cannot be had.
    func install() async throws {
        guard let bytes = try? place.appending("package.json").bytes() else { return }
        let package: Package
        do {
            package = try JSONDecoder().decode(Package.self, from: Data(bytes))
        } catch {
            throw Failure(
                .cannotPlan, "cannot read \(folder)/package.json", at: Place("\(folder)/package.json"),
                advice: "check whether npm can read it")
        }
        guard package.namesAny else { return }
        let (words, lock) = command
        let wanted = bytes + ((try? place.appending(lock).bytes()) ?? [])
        if (try? stamp.bytes()) == wanted { return }
        guard ProgramLookup(searchPath: mix.environment.variables["PATH"]).find(FilePath(words[0])) != nil else {
            throw Failure(
                .cannotPlan, "\(folder)/package.json needs Node packages, but \(words[0]) is not installed",
                at: Place("\(folder)/package.json"),
                advice: words[0] == "npm"
                    ? PackageManager(mix.context.environment).advice(for: .npm)
                    : "install it: npm install -g \(words[0])")
        }
        let outcome = try await mix.program(words, in: mix.places.workspace.appending(folder), hasNetwork: true)
        guard outcome.end.isSuccess else {
            throw mix.failure(of: words.joined(separator: " "), outcome)
        }
        if place.appending("node_modules").isFolder { try stamp.replace(with: wanted) }
    }

    /// The manager whose lock file is there, as it installs just what that says; npm else.
    private var command: (words: [String], lock: String) {
        if place.appending("pnpm-lock.yaml").leadsSomewhere {
            return (["pnpm", "install", "--frozen-lockfile"], "pnpm-lock.yaml")
        }
        if place.appending("yarn.lock").leadsSomewhere {
            return (["yarn", "install", "--frozen-lockfile"], "yarn.lock")
        }
        let quiet = ["--no-audit", "--no-fund"]
        if place.appending("package-lock.json").leadsSomewhere { return (["npm", "ci"] + quiet, "package-lock.json") }
        return (["npm", "install", "--no-save"] + quiet, "package-lock.json")
    }
}
