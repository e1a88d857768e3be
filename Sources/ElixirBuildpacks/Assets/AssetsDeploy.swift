import BuildpackAPI
import Commands
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Makes the assets where the project says how: dependencies, packages of Node, setup, compilation, and then the assets.
struct AssetsDeploy {
    let mix: MixRunner
    /// The folders that define `assets.deploy`, relative to the project's.
    let folders: [String]
    /// What makes assets besides.
    let steps: [AssetStep]
    let cache: FilePath
    let elixirVersion: String

    private var copy: FilePath { mix.places.copy }

    /// Whether the project has assets to make.
    var isNeeded: Bool { !folders.isEmpty || !steps.isEmpty }

    /// - Throws: `Failure` when something is missing or fails.
    func run() async throws {
        let programs = AssetPrograms(
            build: copy.appending("_build"), kept: cache.appending("asset-programs"),
            own: mix.context.applicationDirectory.appending("_build"))
        try programs.bring()
        for folder in folders {
            try await NodePackages(mix: mix, folder: folder == "." ? "assets" : "\(folder)/assets").install()
            let problem = try await AssetsSetup(
                mix: mix, folder: folder, cache: cache, elixirVersion: elixirVersion
            ).run()
            let tasks = TaskChain(tasks: [["deps.loadpaths"], ["compile"], ["assets.deploy"]])
            let outcome = try await mix.mix(tasks.words(for: elixirVersion), in: seen(folder))
            guard outcome.end.isSuccess else { throw problem ?? mix.failure(of: "mix assets.deploy", outcome) }
        }
        var prepared: Set<String> = []
        for step in steps {
            if step.kind == .script, prepared.insert(step.folder).inserted { try await prepare(step) }
            try await run(step)
        }
        programs.keep()
    }

    private func seen(_ folder: String) -> FilePath? {
        folder == "." ? nil : mix.places.workspace.appending(folder)
    }

    /// Gets what the scripts of a folder need.
    private func prepare(_ step: AssetStep) async throws {
        let packages = NodePackages(mix: mix, folder: step.folder)
        try packages.checkManager()
        try await packages.install()
        // Code that is compiled first may write what the scripts read, and it finds the project's faults sooner.
        try await run(["mix", "compile"], in: step.application)
    }

    private func run(_ step: AssetStep) async throws {
        switch step.kind {
        case .script:
            say(step)
            try await run(step.command.split(separator: " ").map(String.init), in: step.folder)
        case .digest:
            guard hasDigestTask else {
                let text = "assets: no mix phx.digest, because this Phoenix has no such task"
                return mix.context.reporter(.notice(text))
            }
            say(step)
            try await run(["mix", "phx.digest"], in: step.folder)
        case .line:
            say(step)
            let words = ["sh", "-eu", "-c", step.command]
            try await run(
                words, in: step.folder, named: step.command, FetchingLine.fetches(step.command) ? .fetch : .build)
        }
    }

    private func say(_ step: AssetStep) {
        mix.context.reporter(.notice("assets: \(step.text), because \(step.reason)"))
    }

    /// - Parameter name: the command as an error names it; by default its words.
    private func run(
        _ words: [String], in folder: String, named name: String? = nil, _ step: MixStep = .build
    ) async throws {
        let outcome = try await mix.program(words, in: seen(folder), step: step)
        guard outcome.end.isSuccess else {
            throw mix.failure(of: name ?? words.joined(separator: " "), outcome)
        }
    }

    private var hasDigestTask: Bool {
        let places = mix.project.dependencies.filter { $0.name == "phoenix" }.compactMap {
            $0.source == .path ? $0.location : "deps/phoenix"
        }
        return (places + ["deps/phoenix"]).contains {
            copy.appending("\($0)/lib/mix/tasks/phx.digest.ex").leadsSomewhere
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

    static func programs(in folder: FilePath) -> [String] {
        folder.names.filter { name in names.contains { name.hasPrefix($0) } }
    }
}
