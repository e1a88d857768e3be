import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage

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
            guard let tools else { return try await installByMix() }
            let file = try await tools.fetch(.rebar3, into: try mix.places.downloads()) {
                mix.context.reporter(.notice($0))
            }
            defer { try? file.remove() }
            let seen = mix.places.homeSeen.appending("downloads").appending(file.lastComponent?.string ?? "")
            let outcome = try await mix.mix(
                ["local.rebar", "rebar3", seen.string, "--force"], in: mix.places.emptySeen)
            guard outcome.end.isSuccess, isInstalled else { throw Failure(fetching: "rebar3", .page) }
        } catch let problem as Failure where problem.code == .fetchFailed {
            throw Failure(
                .commandFailed,
                "dependency \(name) is built with rebar3, which is not installed, and \(problem.message)",
                advice: "install it: sudo apt-get install -y rebar3, or name it with MIX_REBAR3")
        }
    }

    /// A build image without curl leaves it to mix.
    private func installByMix() async throws {
        let outcome = try await mix.mix(
            ["local.rebar", "rebar3", "--force", "--if-missing"], in: mix.places.emptySeen, hasNetwork: true)
        guard outcome.end.isSuccess, isInstalled else {
            throw Failure(fetching: "/hex.pm/rebar3", .unreachable("mix local.rebar failed"))
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
