import BuildpackAPI
import Commands
import Diagnostics
import Glibc
import MixInspection
import SecretSearch
import Synchronization
import SystemPackage
import TestSupport

@testable import ElixirBuildpacks

/// A project in a temporary folder, and the folders that a lifecycle would keep for it.
struct Workbench: Sendable {
    let folder: FilePath
    let runner: any CommandRunner
    var variables: [String: String] = [:]
    var secrets: Set<String> = []
    var fetchSecrets: [String: String] = [:]
    var environment: [String: String] = [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent",
    ]
    let reports = ReportCollector()

    init(_ folder: FilePath, runner: any CommandRunner = SubprocessCommandRunner()) {
        self.folder = folder
        self.runner = runner
    }

    var project: FilePath { folder.appending("project") }
    var layers: FilePath { folder.appending("cache/layers/io.github.carlo-colombo.mix-release") }
    var cache: FilePath { folder.appending("cache/buildpacks/io.github.carlo-colombo.mix-release") }
    /// Nothing answers where it fetches from, unless a test says otherwise.
    var settings = DownloadSettings(builds: "http://127.0.0.1:9", hex: "http://127.0.0.1:9")
    /// The machine's store of compiled dependencies.
    var dependencies: FilePath?
    var startsOver = false
    /// Where launch layers go in memory.
    var launchMemory: FilePath?
    /// What is compiled for a toolchain, once for all tests.
    ///
    /// The Hex that is kept beside it is that of one mirror.
    private static let compiled = Result { try makeTemporaryFolder().appending("helpers") }
    /// What is made once for a toolchain; by default another machine's.
    var machineHelpers: FilePath?
    var helpers: FilePath { machineHelpers ?? folder.appending("helpers") }
    /// The machine's store of answers.
    var answers: FilePath?
    var buildpack: MixReleaseBuildpack {
        MixReleaseBuildpack(
            version: "0.0.1", runner: runner,
            inspections: { [cache, helpers, answers] _ in
                InspectionPlaces(answers: cache.appending("inspection"), helpers: helpers, shared: answers)
            },
            supply: ToolchainSupply(
                root: folder.appending("toolchains"), settings: settings, downloader: FileDownloader(), runner: runner),
            dependencies: dependencies.map { store in
                DependencyStore(folder: store) { try !SecretScanner(secrets: $0).findings(in: $1).isEmpty }
            })
    }

    /// Puts one of the samples here.
    func bring(sample: String) throws {
        try repositoryFolder().appending("samples").appending(sample).copy(to: project)
    }

    /// Writes files of a project, by path.
    func write(_ files: [String: String]) throws {
        for (path, text) in files { try project.appending(path).write(text) }
    }

    /// Removes the record of what the last build left, as if it had been killed: a test has changed it on purpose.
    func forgetKeptFiles() throws { try cache.appending("kept.record").remove() }

    /// Takes what was compiled before, and gives what was compiled meanwhile to the tests after this one.
    private func withHelpers<Result>(_ body: () async throws -> Result) async throws -> Result {
        let compiled = try Self.compiled.get()
        try Self.bring(from: compiled, to: helpers)
        let result = try await body()
        try Self.bring(from: helpers, to: compiled)
        return result
    }

    private static func bring(from folder: FilePath, to other: FilePath) throws {
        try other.makeFolder()
        for name in folder.names where name.hasPrefix("helper-") || name.hasPrefix("beams-") {
            guard !other.appending(name).isThere else { continue }
            let fresh = other.appending(".\(FilePath.uniqueName())")
            try folder.appending(name).copy(to: fresh)
            // A test beside this one may have been faster.
            try? fresh.move(to: other.appending(name))
        }
    }

    func detect() async throws -> DetectResult {
        try await withHelpers { try await detection() }
    }

    private func detection() async throws -> DetectResult {
        try cache.makeFolder()
        return try await buildpack.detect(
            DetectContext(
                applicationDirectory: project, platformVariables: variables, environment: environment,
                cacheDirectory: cache, reporter: BuildpackReporter(reports.take)))
    }

    func build() async throws -> BuildResult {
        try await withHelpers { try await result() }
    }

    private func result() async throws -> BuildResult {
        try cache.makeFolder()
        try layers.makeFolder()
        return try await buildpack.build(
            BuildContext(
                applicationDirectory: project, layersDirectory: layers, launchMemory: launchMemory,
                platformVariables: variables, secretNames: secrets, fetchSecrets: fetchSecrets,
                environment: environment, plan: [],
                cacheDirectory: cache,
                startsOver: startsOver, reporter: BuildpackReporter(reports.take)))
    }
}

/// Keeps what a buildpack told.
final class ReportCollector: Sendable {
    private struct State {
        var reports: [BuildpackReport] = []
        var waiters: [(text: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func take(_ report: BuildpackReport) {
        state.withLock { state in
            state.reports.append(report)
            guard case .output(let text, _) = report else { return }
            state.waiters.removeAll { waiter in
                guard text.contains(waiter.text) else { return false }
                waiter.continuation.resume()
                return true
            }
        }
    }

    /// Returns once a chunk of output has this text in it.
    func outputContains(_ text: String) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiters.append((text, continuation)) }
        }
    }

    var reports: [BuildpackReport] { state.withLock { $0.reports } }
    var output: String {
        reports.compactMap { if case .output(let text, _) = $0 { text } else { nil } }.joined()
    }
    var commands: [String] {
        reports.compactMap { if case .commandStarted(_, let text) = $0 { text } else { nil } }
    }
    var diagnostics: [Diagnostic] {
        reports.compactMap { if case .diagnostic(let diagnostic) = $0 { diagnostic } else { nil } }
    }
    var notices: [String] {
        reports.compactMap { if case .notice(let text) = $0 { text } else { nil } }
    }
    var dependencies: [DependencyStep] {
        reports.compactMap { if case .dependency(let step) = $0 { step } else { nil } }
    }
    func clear() { state.withLock { $0.reports = [] } }
}

/// A small app that starts nothing, as text.
enum SmallApp {
    static func files(
        name: String = "small", extra: String = "", deps: String = "[]", more: [String: String] = [:]
    ) -> [String: String] {
        let module = name.prefix(1).uppercased() + name.dropFirst()
        let mix = """
            defmodule \(module).MixProject do
              use Mix.Project
              def project, do: [app: :\(name), version: "0.1.0", elixir: "~> 1.14", deps: \(deps)\(extra)]
              def application, do: [extra_applications: [:logger], mod: {\(module).Application, []}]
            end
            """
        let application = """
            defmodule \(module).Application do
              use Application
              def start(_type, _args), do: Supervisor.start_link([], strategy: :one_for_one)
            end
            """
        return ["mix.exs": mix, "lib/\(name)/application.ex": application].merging(more) { $1 }
    }
}
