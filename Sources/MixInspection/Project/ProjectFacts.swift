import SystemPackage

/// What one mix.exs says, read or evaluated: the same shape either way.
struct ProjectFacts: Sendable, Hashable, Codable {
    struct Release: Sendable, Hashable, Codable {
        var name: String
        var version: String?
        var applications: [MixRelease.Application] = []
        var setsCookie = false
        var runtimeConfigPath: String?
        var makesArchive = false
        var includesErts = true
        /// Whether Burrito makes one program of it.
        var isWrapped = false
    }

    struct Dependency: Sendable, Hashable, Codable {
        var name: String
        var requirement: String?
        var git: String?
        var path: String?
        var inUmbrella = false
        var repository: String?
        var isForProduction = true
        /// Whether mix.exs says how it is compiled; `nil` where the file was only read.
        var hasOwnBuild: Bool?
    }

    /// The folder of the mix.exs, relative to the project's; `.` for its own.
    var folder = "."
    var app: String?
    var version: String?
    var elixir: String?
    var appsPath: String?
    /// The children that are named with `apps:`; `nil` takes every folder.
    var apps: [String]?
    var releases: [Release] = []
    var defaultRelease: String?
    var dependencies: [Dependency] = []
    var aliases: [String] = []
    var compilers: [String] = []
    var lockfile: String?
    var buildPath: String?
    /// The configuration that is read when the project is built.
    var configPath: String?
    /// Where the source is published.
    var sourceURL: String?
    /// Whether `application` has `mod:`; `nil` where that is computed.
    var hasApplicationCallback: Bool?
    var isEscript = false
    /// The environment that `preferred_cli_env`, or `cli`, names for `mix release`.
    var releaseEnvironment: String?
    /// The keys whose values are computed, where the file was only read.
    var unknowns: [String] = []

    /// The folder of the configuration, relative to that of the mix.exs.
    var configFolder: String { FilePath(configFile).removingLastComponent().lexicallyNormalized().string }
    /// The configuration, relative to the folder of the mix.exs.
    var configFile: String { configPath ?? "config/config.exs" }
}
