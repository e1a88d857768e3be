import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport

/// A large tree into an image layout, and the image to a registry, beside the tools that do the same.
///
/// 500 MB, unless `BENCH_MEGABYTES` says otherwise.
struct ImageBenchmark: Benchmark {
    static let name = "images"

    func run() async throws {
        let megabytes = ProcessInfo.processInfo.environment["BENCH_MEGABYTES"].flatMap { Int($0) } ?? 500
        try await withTemporaryFolder { @Sendable folder in
            let tree = BenchTree(folder: folder.appending("tree"), megabytes: max(megabytes, 1))
            try tree.write()
            let tools = LayoutTools(tree: tree.folder, folder: folder)
            var figures = ImageFigures(megabytes: megabytes)
            figures.writes = try await medians(of: LayoutTools.Work.allCases) { try await tools.run($0) }
            for (kind, work) in [("gzip", LayoutTools.Work.gzip), ("plain", .plain)] {
                let layout = tools.output(work).appending("layout")
                figures.pushes[kind] = try await medians(of: PushTools.Tool.allCases) {
                    try await PushTools.run($0, layout)
                }
            }
            figures.lines.forEach(report)
            figures.goals.forEach { $0.tell() }
        }
    }

    /// The middle one of three runs; they take turns, so that a busy moment of the machine falls on all of them, and none
    /// pays for what the one before has left to be written to the disk.
    private func medians<Work: Hashable>(
        of works: [Work], _ body: (Work) async throws -> LayoutTools.Outcome
    ) async throws -> [Work: LayoutTools.Outcome] {
        var outcomes: [Work: [LayoutTools.Outcome]] = [:]
        for _ in 0..<3 {
            for work in works {
                sync()
                outcomes[work, default: []].append(try await body(work))
            }
        }
        return outcomes.mapValues { runs in
            var middle = runs.sorted { $0.seconds < $1.seconds }[1]
            middle.memory = runs.map(\.memory).max() ?? 0
            return middle
        }
    }
}
