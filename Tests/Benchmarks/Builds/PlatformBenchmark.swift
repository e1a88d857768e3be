import SystemPackage
import TestSupport

/// What the image for a second processor costs on top of one platform's, once its packages are there.
struct PlatformBenchmark: Benchmark {
    static let name = "platforms"
    private static let rounds = 5

    func run() async throws {
        try await withTemporaryFolder { @Sendable folder in
            for project in try [BenchProject].samples(in: folder) {
                let one = Build(
                    project: project, platforms: [], mixpack: try MixpackProgram(home: folder.appending("one")))
                let both = Build(
                    project: project, platforms: ["--platform", "linux/amd64,linux/arm64"],
                    mixpack: try MixpackProgram(home: folder.appending("both")))
                // The first of both fetches the packages, which is no part of the figure.
                let fetching = try await both.run(isOnline: true)
                report("\(project.name): the first build for both, with what it fetches: \(fetching.hundredths) s")
                _ = try await one.run()
                try await compare("first build", one, both) { _ in ["--clear-cache"] }
                try await compare("edit", one, both) { round in
                    try project.edit(round)
                    return []
                }
                try await compare("no change", one, both) { _ in [] }
            }
        }
    }

    /// Times both in turn, and says whether the second platform costs what it may.
    private func compare(_ name: String, _ one: Build, _ both: Build, _ prepare: (Int) throws -> [String]) async throws
    {
        var costs: (one: [BuildCost], both: [BuildCost]) = ([], [])
        for round in 0..<Self.rounds {
            let more = try prepare(round)
            costs.one.append(try await .measure { try await one.run(more) })
            costs.both.append(try await .measure { try await both.run(more) })
        }
        guard let single = BuildCost.median(costs.one), let double = BuildCost.median(costs.both) else { return }
        let (cost, most) = (double.wall - single.wall, max(0.5, single.wall / 5))
        let isBusy = (costs.one + costs.both).contains(where: \.isBusy)
        report("  \(name): one \(single.text), both \(double.text)" + (isBusy ? "  BUSY" : ""))
        Goal(
            text: "\(name): the second platform takes \(cost.hundredths) s, to be at most \(most.hundredths) s",
            isReached: cost <= most
        ).tell()
    }

    private struct Build {
        let project: BenchProject
        let platforms: [String]
        let mixpack: MixpackProgram

        /// Builds into the image store, and gives the seconds that it took.
        func run(_ more: [String] = [], isOnline: Bool = false) async throws -> Double {
            try await mixpack.run(
                ["build", project.name, "--path", project.folder.string, "--ui", "plain"] + platforms + more,
                environment: isOnline ? ["HEX_OFFLINE": nil] : [:], within: .seconds(300)
            ).succeeded().seconds
        }
    }
}
