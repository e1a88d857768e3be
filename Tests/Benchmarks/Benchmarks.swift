import Glibc

/// Measures what the documents claim: every figure is made anew, in one run, beside the others that do the same work.
///
/// Without arguments it measures everything; otherwise the groups that are named.
@main struct Benchmarks {
    private static let all: [(name: String, benchmark: any Benchmark)] = [
        (BuildBenchmark.name, BuildBenchmark()),
        (KillBenchmark.name, KillBenchmark()),
        (ConsoleBenchmark.name, ConsoleBenchmark()),
    ]

    static func main() async {
        let wanted = CommandLine.arguments.dropFirst()
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
}
