import SystemPackage
import TestSupport

/// Builds of a small and a large project beside bare `mix release` and `podman build`.
struct BuildBenchmark: Benchmark {
    static let name = "builds"

    func run() async throws {
        try await withTemporaryFolder { @Sendable folder in
            let podman = await podmanContender(in: folder.appending("podman"))
            do {
                try await measure(in: folder, podman: podman)
            } catch {
                await podman?.end()
                throw error
            }
            await podman?.end()
        }
    }

    private func measure(in folder: FilePath, podman: PodmanContender?) async throws {
        let mixpack = MixpackContender(
            mixpack: try MixpackProgram(home: folder), output: folder.appending("layout"))
        let contenders: [any Contender] = [mixpack, MixContender()] + (podman.map { [$0] } ?? [])
        var editions = 0
        for project in try [BenchProject].samples(in: folder) {
            // The run image is made once a machine, so it is made before the clock runs.
            _ = try await mixpack.build(project)
            var figures = BuildFigures(project: project.name)
            for scenario in Scenario.allCases {
                let times = try await medians(scenario, of: project, by: contenders, editions: &editions)
                figures.times[scenario] = times
            }
            figures.lines.forEach(report)
        }
    }

    /// The medians of five builds; the contenders take turns, so that a busy moment of the machine falls on all of them.
    private func medians(
        _ scenario: Scenario, of project: BenchProject, by contenders: [any Contender], editions: inout Int
    ) async throws -> [String: Double] {
        var times: [String: [Double]] = [:]
        if scenario != .first {
            for contender in contenders { _ = try await contender.build(project) }
        }
        for _ in 0..<5 {
            if scenario == .edit {
                editions += 1
                try project.edit(editions)
            }
            for contender in contenders {
                if scenario == .first { try await contender.forget(project) }
                times[contender.name, default: []].append(try await contender.build(project))
            }
        }
        return times.mapValues { $0.sorted()[2] }
    }

    private func podmanContender(in folder: FilePath) async -> PodmanContender? {
        do {
            try folder.makeFolder()
            return try await PodmanContender(in: folder)
        } catch {
            report("podman build is left out: \(error)")
            return nil
        }
    }
}
