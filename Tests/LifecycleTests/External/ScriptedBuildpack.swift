import BuildpackAPI
import Commands
import SystemPackage
import TestSupport

@testable import Lifecycle

/// A folder with buildpack.toml, bin/detect and bin/build, written by a test.
struct ScriptedBuildpack {
    let folder: FilePath

    /// Writes the folder; without `detect` it passes with an empty plan, without `build` it does nothing.
    init(
        _ id: String, api: String = "0.12", version: String = "1.0.0", in parent: FilePath, table: String = "",
        toml: String = "", interpreter: String = "/bin/bash -eu", detect: String = "", build: String = ""
    ) throws {
        folder = parent.appending("bp \(ProjectCache.escaped(id))")
        try folder.appending("buildpack.toml").write(
            """
            api = "\(api)"
            [buildpack]
            id = "\(id)"
            version = "\(version)"
            \(table)

            \(toml)
            """)
        try folder.appending("bin/detect").write("#!\(interpreter)\n\(detect)\n", mode: 0o755)
        try folder.appending("bin/build").write("#!\(interpreter)\n\(build)\n", mode: 0o755)
    }

    /// The buildpack, run in the sandbox.
    func open(runner: any CommandRunner = SubprocessCommandRunner()) throws -> DirectoryBuildpack {
        try DirectoryBuildpack(folder, runner: runner)
    }
}

/// Runs one buildpack's programs by themselves, without the phases around them.
struct BuildpackBench {
    let folder: FilePath
    var variables: [String: String] = [:]
    var base: [String: String] = ["PATH": "/usr/bin:/bin"]
    var target = BuildTarget(architecture: "amd64")
    var executionEnvironment = "production"
    var plan: [BuildPlan.Requirement] = []

    var app: FilePath { folder.appending("app") }
    var layers: FilePath { folder.appending("layers") }

    init(_ folder: FilePath) throws {
        self.folder = folder
        try app.makeFolder()
        try folder.appending("cache").makeFolder()
    }

    func detect(_ buildpack: DirectoryBuildpack) async throws -> DetectResult {
        try await buildpack.detect(
            DetectContext(
                applicationDirectory: app, platformVariables: variables, environment: base,
                cacheDirectory: folder.appending("cache"), target: target,
                executionEnvironment: executionEnvironment, reporter: .silent))
    }

    func build(
        _ buildpack: DirectoryBuildpack, reporter: BuildpackReporter = .silent
    ) async throws -> BuildResult {
        let own = layers.appending(ProjectCache.escaped(buildpack.descriptor.id))
        try own.makeFolder()
        return try await buildpack.build(
            BuildContext(
                applicationDirectory: app, layersDirectory: own, platformVariables: variables, secretNames: [],
                environment: base, plan: plan, cacheDirectory: folder.appending("cache"), target: target,
                executionEnvironment: executionEnvironment, reporter: reporter))
    }
}
