import Commands
import MixInspection
import SystemPackage
import TestSupport
import Toolchains

/// How soon a project is known: a static look at one with a Phoenix lock file, and an umbrella of fifty children.
struct ProjectBenchmark: Benchmark {
    static let name = "projects"

    func run() async throws {
        try look()
        try await withTemporaryFolder { folder in try await umbrella(in: folder) }
        try await withTemporaryFolder { @Sendable folder in try await unchanged(in: folder) }
    }

    private func look() throws {
        let project = try repositoryFolder().appending("samples/phoenix_minimal")
        var times: [Duration] = []
        for _ in 0..<50 {
            let start = ContinuousClock.now
            _ = try MixInspector.staticLook(project)
            times.append(ContinuousClock.now - start)
        }
        let timing = Timing(times)
        report("projects: a static look at a Phoenix project: median \(timing.median.inMilliseconds)")
        Goal(text: "a static look within 5 ms", isReached: timing.median <= .milliseconds(5)).tell()
    }

    private func umbrella(in folder: FilePath) async throws {
        let small = try repositoryFolder().appending("samples/umbrella")
        let large = folder.appending("large")
        try write(children: 50, to: large)
        // The first inspection compiles the helper, which the others share.
        _ = try await inspect(small, in: folder, round: 0)
        var times: (small: [Duration], large: [Duration]) = ([], [])
        for round in 1...5 {
            times.small.append(try await inspect(small, in: folder, round: round))
            times.large.append(try await inspect(large, in: folder, round: round))
        }
        let (few, many) = (Timing(times.small).median, Timing(times.large).median)
        report("projects: an umbrella of fifty children \(many.inMilliseconds), of three \(few.inMilliseconds)")
        Goal(text: "fifty children within two seconds", isReached: many <= .seconds(2)).tell()
    }

    /// A build without changes of a project with 30,000 files, beside `find` that looks at each of them.
    private func unchanged(in folder: FilePath) async throws {
        var project = try BenchProject.hello(in: folder)
        project.name = "large"
        for number in 0..<30_000 {
            try project.folder.appending("priv/data/\(number / 2000)/\(number / 100)/\(number).txt").write("\(number)")
        }
        let mixpack = MixpackContender(mixpack: try MixpackProgram(home: folder), output: folder.appending("layout"))
        // The second build settles what the first left open: files that may have changed while they were read.
        for _ in 0..<2 { _ = try await mixpack.build(project) }
        var costs: (own: [BuildCost], find: [BuildCost]) = ([], [])
        for _ in 0..<5 {
            costs.own.append(try await .measure { try await mixpack.build(project) })
            costs.find.append(
                try await .measure {
                    try await TestSupport.run(
                        "/usr/bin/find", [".", "-type", "f", "-printf", "%s %T@\n"], workingDirectory: project.folder
                    ).succeeded().seconds
                })
        }
        guard let own = BuildCost.median(costs.own), let find = BuildCost.median(costs.find) else { return }
        report("projects: no change in 30,000 files: \(own.text); find with a stat of each \(find.text)")
        let (wall, work) = (own.wall / find.wall, (own.user + own.system) / (find.user + find.system))
        Goal(text: "no change \(wall.hundredths) × find, to be at most 1.5", isReached: wall <= 1.5).tell()
        Goal(text: "its processor time \(work.hundredths) × find, to be at most 1.5", isReached: work <= 1.5).tell()
    }

    /// The time of one evaluation, with an empty cache.
    private func inspect(_ project: FilePath, in folder: FilePath, round: Int) async throws -> Duration {
        let environment = ["PATH": ProgramLookup.systemPath, "HOME": folder.string]
        let inspector = MixInspector(
            toolchain: try Toolchain.discover(environment: environment), runner: SubprocessCommandRunner(),
            cacheDirectory: folder.appending("cache-\(project.lastComponent?.string ?? "")-\(round)"),
            helperDirectory: folder.appending("helper"), environment: environment)
        let start = ContinuousClock.now
        let found = try await inspector.inspect(project)
        guard !found.children.isEmpty else { throw TestSupportError("no children in \(project)") }
        return ContinuousClock.now - start
    }

    private func write(children: Int, to folder: FilePath) throws {
        try folder.appending("mix.exs").write(
            "defmodule Large.MixProject do\n  use Mix.Project\n  def project, do: [apps_path: \"apps\", deps: []]\nend\n"
        )
        for number in 1...children {
            try folder.appending("apps/part_\(number)/mix.exs").write(
                """
                defmodule Part\(number).MixProject do
                  use Mix.Project
                  def project, do: [app: :part_\(number), version: "0.1.0", deps: [], lockfile: "../../mix.lock"]
                end

                """)
        }
    }
}
