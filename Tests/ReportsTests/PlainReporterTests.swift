import BuildpackAPI
import Lifecycle
import Reports
import TestSupport
import Testing

@Suite struct PlainReporterTests {
    @Test("a build that succeeds is told by phase, and ends with where the image is and how it is run")
    func success() throws {
        try expectSnapshot(try told(BuildStories.success()), named: "success")
    }

    @Test("DEBUG shows each command")
    func debug() throws {
        try expectSnapshot(try told(BuildStories.success(), showsCommands: true), named: "debug")
    }

    @Test("a build that fails says its errors again at the end")
    func failure() throws {
        try expectSnapshot(try told(BuildStories.failure()), named: "failure")
    }

    @Test("a build without changes says so, and which variables the image needs")
    func unchanged() throws {
        try expectSnapshot(try told(BuildStories.unchanged()), named: "unchanged")
    }

    @Test("choices are named with the flag that makes them")
    func choices() throws {
        let text = told([try ExampleBuild.event(.buildFailed)])
        #expect(
            text == """
                error: detect: the project has several releases: web_rel, worker_rel
                  choose with -e RELEASE=NAME: web_rel, worker_rel
                  name one with --release

                """)
    }

    @Test(
        "output is prefixed line by line",
        arguments: [
            ("a\n", "[x] a\n"), ("a\nb\n", "[x] a\n[x] b\n"), ("a", "[x] a\n"), ("\n", "[x]\n"), ("", ""),
            ("é\n\nü", "[x] é\n[x]\n[x] ü\n"),
        ])
    func prefix(_ text: String, _ expected: String) {
        let collected = CollectedText()
        var reporter = PlainReporter(to: collected.sink)
        reporter.handle(LifecycleEvent(at: 0, .output(Output(buildpack: "org.example.x", text: text))))
        #expect(collected.text == expected)
    }

    @Test("200,000 lines take less than a second")
    func speed() {
        let collected = CollectedText()
        var reporter = PlainReporter(to: collected.sink)
        let chunk = String(repeating: "Compiling lib/some/module/of/the/project.ex and so on\n", count: 400)
        let event = LifecycleEvent(at: 0, .output(Output(buildpack: BuildStories.mixRelease, text: chunk)))
        let time = ContinuousClock().measure { for _ in 0..<500 { reporter.handle(event) } }
        #expect(collected.count == 200_000 * (chunk.utf8.count / 400 + 14))
        #expect(time < .seconds(1))
    }

    private func told(_ events: [LifecycleEvent], showsCommands: Bool = false) -> String {
        let collected = CollectedText()
        var reporter = PlainReporter(to: collected.sink, showsCommands: showsCommands)
        events.forEach { reporter.handle($0) }
        return collected.text
    }
}
