import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Sees to it that mix has rebar3 where a dependency is built with it.
struct RebarSetup {
    let mix: MixRunner
    let tools: ToolFetch?

    private var elixirHome: FilePath { mix.places.home.appending(".mix/elixir") }

    /// Fetches rebar3 into the private home where it is needed and nowhere to be found.
    /// - Throws: `Failure` when it cannot be had.
    func prepare() async throws {
        guard mix.environment.variables["MIX_REBAR3"] == nil, !isInstalled, let name = needing.first else { return }
        do {
            try await mix.install(.rebar3, tools) { isInstalled }
        } catch let problem as Failure where problem.code == .fetchFailed {
            throw Failure(
                .commandFailed,
                "dependency \(name) needs rebar3, which is not installed, and \(problem.message)",
                advice: PackageManager(mix.context.environment).advice(for: .rebar3) + ", or name it with MIX_REBAR3")
        }
    }

    private var isInstalled: Bool {
        elixirHome.names.contains { elixirHome.appending($0).appending("rebar3").leadsSomewhere }
    }

    /// The dependencies that rebar3 builds: those with its file and without mix's.
    private var needing: [String] {
        let fetched = mix.places.copy.appending("deps")
        let folders =
            fetched.names.map { (name: $0, folder: fetched.appending($0)) }
            + mix.project.dependencies.compactMap { dependency in
                guard dependency.source == .path, let path = dependency.location else { return nil }
                return (dependency.name, mix.places.copy.appending(path))
            }
        return folders.filter { entry in
            let hasRebar = ["rebar.config", "rebar.config.script"].contains {
                entry.folder.appending($0).leadsSomewhere
            }
            return hasRebar && !entry.folder.appending("mix.exs").leadsSomewhere
        }
        .map(\.name)
    }
}
