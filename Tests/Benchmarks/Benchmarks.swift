import Glibc

/// Measures what the documents claim: every figure is made anew, in one run, beside the others that do the same work.
///
/// Without arguments it measures everything; otherwise the groups that are named. `--rounds N` and `--seed N` say how often
/// builds are timed and in which order, `--no-podman` leaves podman's builds out.
@main struct Benchmarks {
    private static func all(_ plan: BenchPlan) -> [(name: String, benchmark: any Benchmark)] {
        [
            (BuildBenchmark.name, BuildBenchmark(plan: plan)),
            (LoopBenchmark.name, LoopBenchmark()),
            (WatchBenchmark.name, WatchBenchmark()),
            (SecondMachineBenchmark.name, SecondMachineBenchmark()),
            (PlatformBenchmark.name, PlatformBenchmark()),
            (KillBenchmark.name, KillBenchmark()),
            (ConsoleBenchmark.name, ConsoleBenchmark()),
            (ImageBenchmark.name, ImageBenchmark()),
            (ProjectBenchmark.name, ProjectBenchmark()),
            (SecretScanBenchmark.name, SecretScanBenchmark()),
        ]
    }

    static func main() async {
        var wanted = Array(CommandLine.arguments.dropFirst())
        if wanted.first == ImageWork.name { return await work(Array(wanted.dropFirst())) }
        guard let plan = BenchPlan(takenFrom: &wanted) else {
            report("error: --rounds and --seed need a number, from 1 and from 0 on")
            exit(3)
        }
        let all = all(plan)
        let names = all.map(\.name)
        if let unknown = wanted.first(where: { !names.contains($0) }) {
            report("error: no such benchmark: \(unknown); there are \(names.joined(separator: ", "))")
            exit(3)
        }
        var failed = false
        for (name, benchmark) in all where wanted.isEmpty || wanted.contains(name) {
            report("== \(name)")
            do {
                try await benchmark.run()
            } catch {
                report("error: \(error)")
                failed = true
            }
        }
        exit(failed ? 1 : 0)
    }

    /// The share of a measurement that is done in a process of its own.
    private static func work(_ words: [String]) async {
        do {
            try await ImageWork.run(words)
        } catch {
            report("error: \(error)")
            exit(1)
        }
    }
}
