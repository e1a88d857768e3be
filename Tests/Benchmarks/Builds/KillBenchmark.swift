import TestSupport

/// A hundred builds that are killed at random moments.
struct KillBenchmark: Benchmark {
    static let name = "kills"

    func run() async throws {
        try await withTemporaryFolder { @Sendable folder in
            let mixpack = MixpackContender(
                mixpack: try MixpackProgram(home: folder), output: folder.appending("layout"))
            let project = try BenchProject.hello(in: folder)
            var editions = 0
            _ = try await mixpack.build(project)
            let problems = try await KillRounds(contender: mixpack, project: project).run(100, editions: &editions)
            report("\(project.name): 100 kills at random moments, \(problems.count) problems")
            problems.prefix(5).forEach { report("  \($0)") }
        }
    }
}
