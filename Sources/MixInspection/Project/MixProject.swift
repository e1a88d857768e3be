import Diagnostics
import SystemPackage

/// What a mix project is, as far as a build wants to know: the result of an inspection, printed by `mixpack detect --json`.
package struct MixProject: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case application, umbrella
        /// A child of an umbrella opened by itself; `umbrellaRoot` names the root.
        case umbrellaChild
        /// No application callback: its release starts nothing.
        case library
    }

    package enum Evidence: String, Sendable, Hashable, Codable {
        /// mix.exs was only read; computed values are unknown.
        case probable
        /// mix.exs was evaluated.
        case evaluated
    }

    package var kind: Kind
    package var evidence: Evidence
    /// The application's name (`:app`); `nil` for an umbrella.
    package var app: String?
    package var version: String?
    package var elixirRequirement: String?
    /// Where the source is published, as mix.exs says (`:source_url`).
    package var sourceURL: String?
    /// The umbrella's root, relative to the project's folder, for a child opened by itself.
    package var umbrellaRoot: String?
    /// The child applications of an umbrella, by name.
    package var children: [ChildApp] = []
    /// The releases, in the order of mix.exs.
    package var releases: [MixRelease] = []
    package var defaultRelease: String?
    /// Phoenix's version where the project uses it; before there is a mix.lock, the requirement of mix.exs.
    package var phoenixVersion: String?
    /// Whether Phoenix is used, by lock file or dependencies.
    package var usesPhoenix = false
    /// Whether the project (or a child) defines the alias `assets.deploy`; each the folder that owns it, `.` for the root.
    package var assetsDeploy: [String] = []
    /// What makes the assets besides, or instead if project.toml says so.
    package var assetSteps: [AssetStep] = []
    /// Whether any dependency is to be fetched (Hex or git) for production.
    package var hasFetchedDependencies = false
    /// Whether mix needs Hex to read mix.exs: of every package that this names, for development too, it asks who fetches it.
    package var needsHex: Bool { dependencies.contains { $0.isDirect && $0.source == .hex } }
    /// Whether it may need it, for the mix.exs of a dependency by path.
    package var mayNeedHex: Bool { needsHex || dependencies.contains { $0.source == .path } }
    package var lockedDependencies: [String] = []
    /// The lock file, relative to the project's folder; `mix.lock` unless mix.exs names another one.
    package var lockPath = "mix.lock"
    /// Its configuration, relative to the project's folder; outside of it for an umbrella's child.
    package var configFile = "config/config.exs"
    /// The folder of its configuration, relative to the project's folder.
    package var configFolder: String { FilePath(configFile).removingLastComponent().lexicallyNormalized().string }
    /// The folder that a build would have to copy, because it has what is outside of the project and needed.
    ///
    /// The umbrella of a child; for dependencies by path the git repository, or the nearest folder that has all of them.
    /// `nil` if nothing is outside, or only the home folder has all.
    package var proposedContext: String?
    /// The names of those dependencies.
    package var outsideNames: [String] = []
    /// The dependencies, of mix.exs (children included) and mix.lock, by name.
    package var dependencies: [MixDependency] = []
    /// What shows that a compiler for C, C++ or Rust is needed: folders and dependencies, such as `native/fast` or `rustler`.
    package var nativeCode: [String] = []
    /// The dependencies of production with native code, and what each needs.
    package var nativeDependencies: [NativeDependency] = []
    /// The folders that hold Ecto migrations, such as `priv/repo/migrations`.
    package var migrations: [String] = []
    /// What rel/env.sh.eex sets itself, of `RELEASE_COOKIE`, `RELEASE_NODE` and `RELEASE_DISTRIBUTION`.
    package var environmentScriptSets: [String] = []
    /// The keys of mix.exs that are computed, so that a look without running it does not know them.
    package var unknowns: [String] = []
    package var variables: [ProjectVariable] = []
    /// The reads that may be of further variables.
    package var unnamedReads: [UnnamedRead] = []
    package var findings: [Diagnostic] = []
}
