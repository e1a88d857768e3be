import Glibc

/// Measures what the documents claim: every figure is made anew, in one run, beside the others that do the same work.
///
/// Without arguments it measures everything; otherwise the groups that are named.
@main struct Benchmarks {
    private static let all: [(name: String, benchmark: any Benchmark)] = [
        (BuildBenchmark.name, BuildBenchmark()),
        (LoopBenchmark.name, LoopBenchmark()),
        (KillBenchmark.name, KillBenchmark()),
        (ConsoleBenchmark.name, ConsoleBenchmark()),
        (ImageBenchmark.name, ImageBenchmark()),
        (ProjectBenchmark.name, ProjectBenchmark()),
        (SecretScanBenchmark.name, SecretScanBenchmark()),
    ]

    static func main() async {
        let wanted = CommandLine.arguments.dropFirst()
        if wanted.first == ImageWork.name { return await work(Array(wanted.dropFirst())) }
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
