import Lifecycle
import Reports

/// How much of a build's output the plain report takes.
struct PlainOutput {
    private let lines = 200_000
    private let linesAnEvent = 400

    func run() async {
        let text = String(repeating: "Compiling lib/some/module/of/the/project.ex and so on\n", count: linesAnEvent)
        let event = LifecycleEvent(at: 0, .output(Output(buildpack: "org.example.mix", text: text)))
        var reporter = PlainReporter(to: TextSink { _ in })
        let time = await time { for _ in 0..<lines / linesAnEvent { reporter.handle(event) } }
        report("console: \(lines) lines of plain output \(time.inMilliseconds)")
        Goal(text: "\(lines) lines within a second", isReached: time <= .seconds(1)).tell()
    }
}
