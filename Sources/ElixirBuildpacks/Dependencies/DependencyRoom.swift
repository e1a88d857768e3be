import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Toolchains

/// A mix project of mixpack's own in which dependencies are compiled: theirs is all the code that runs there.
///
/// What is compiled in it owes nothing to a project's mix.exs, configuration files or home folder, so other projects may
/// have it too. Configuration comes in as values.
struct DependencyRoom {
    /// The project's runner.
    let project: MixRunner
    let folder: FilePath
    let tools: ToolFetch?
    let toolchain: Toolchain
    let programs: BuildTools
    /// A home folder with Hex that no project's code has ever seen.
    let seed: FilePath
    let times: DependencyTimes
    /// The user's variables that the dependencies name.
    let variables: [String: String]
    /// The folder of what is made once for a toolchain.
    let helpers: FilePath?

    var places: MixPlaces {
        MixPlaces(
            copy: folder.appending("workspace"), home: folder.appending("home"),
            output: folder.appending("output"), isSandboxed: true)
    }

    /// The folder of compiled dependencies, by mix's environment.
    func build(_ environment: String) -> FilePath { places.copy.appending("_build/\(environment)/lib") }

    /// Furnishes it.
    /// - Parameters:
    ///   - names: the dependencies, with all that they see.
    ///   - sources: the folder with the sources of all.
    ///   - configuration: with its values.
    func prepare(
        _ names: Set<String>, _ lock: DependencyLock, sources: FilePath, _ configuration: ConfigurationRecord
    ) async throws {
        try places.prepare()
        for name in names.sorted() {
            try places.copy.appending("deps").makeFolders()
            try sources.appending(name).copyTree(to: places.copy.appending("deps").appending(name))
        }
        try write("mix.lock", lock.text(only: names))
        try write("mix.exs", Self.mixFile(lock.requirements(only: names)))
        try write("config/config.exs", configuration.source(valuesIn: "config/values"))
        try configuration.values?.copyTree(to: places.copy.appending("config/values"))
        try await furnishHome()
        try BuildWords(home: places.home, beams: project.environment.beams).write(
            dependencies: places.copy.appending("deps"))
    }

    /// Compiles what is not compiled yet.
    func compile(_ names: [String]) async throws {
        // No secret is here, so those that fetch while they compile may have the network.
        let fetching = FetchingDependencies(folder: places.copy.appending("deps")).found(among: names)
        FetchingDependencies.say(fetching, project.context.reporter)
        let watch = DependencyWatch(
            names, .compiling, in: runner(places).compiled, project.context.reporter, times: times)
        _ = try await watch.during {
            try await runner(places).mix(["deps.loadpaths"], step: fetching.isEmpty ? .build : .fetch)
        }
    }

    /// Hex, and rebar3 if a dependency needs it, by way of the seed.
    private func furnishHome() async throws {
        let lock = try await FileLock(creating: seed.removingLastComponent().appending(".seed.lock")) {}
        defer { lock.release() }
        let seedPlaces = MixPlaces(
            copy: places.copy, home: seed, output: folder.appending("seed-output"), isSandboxed: true)
        try seedPlaces.prepare()
        let runner = runner(
            MixPlaces(
                copy: folder.appending("empty"), home: seed, output: seedPlaces.output, isSandboxed: true))
        try folder.appending("empty").makeFolders()
        try await HexSetup(mix: runner, tools: tools, toolchain: toolchain, helpers: helpers).prepareArchive()
        try await RebarSetup(mix: self.runner(seedPlaces), tools: tools).prepare()
        try places.home.remove()
        try seed.copyTree(to: places.home)
        try places.prepare()
    }

    private func runner(_ places: MixPlaces) -> MixRunner {
        var context = project.context
        context.platformVariables = variables
        context.secretNames = []
        context.fetchSecrets = [:]
        return MixRunner(
            runner: project.runner, places: places,
            environment: MixEnvironment(
                context, toolchain: toolchain, places: places, usesAgent: false, tools: programs,
                beams: project.environment.beams, settings: tools?.variables ?? [:]),
            project: project.project, context: context)
    }

    private func write(_ name: String, _ text: String) throws {
        let file = places.copy.appending(name)
        try file.removingLastComponent().makeFolders()
        try file.replace(with: text.utf8)
    }

    private static func mixFile(_ requirements: String) -> String {
        """
        defmodule MixpackDependencies.MixProject do
          use Mix.Project
          def project, do: [app: :mixpack_dependencies, version: "0.0.0", deps: deps()]
          def application, do: []
          defp deps, do: \(requirements)
        end

        """
    }
}
