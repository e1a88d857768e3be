import FoundationEssentials
import Lifecycle
import Reports
import TestSupport
import Testing

@Suite struct OtherReporterTests {
    @Test("the JSON reporter writes one event a line, times to the millisecond")
    func json() throws {
        let collected = CollectedText()
        var reporter = JSONReporter(to: collected.sink)
        reporter.handle(LifecycleEvent(at: 1.23456, .phaseFinished(.build, .done, seconds: 0.98765)))
        reporter.handle(LifecycleEvent(at: 2, .notice("a/b\n\u{1b}[0m")))
        #expect(
            collected.text == """
                {"event":"phase-finished","outcome":"done","phase":"build","seconds":0.988,"time":1.235}
                {"event":"notice","text":"a/b\\n\\u001b[0m","time":2}

                """)
    }

    @Test("the quiet reporter writes errors only")
    func quiet() throws {
        let collected = CollectedText()
        var reporter = QuietReporter(to: collected.sink)
        try (BuildStories.success() + BuildStories.failure()).forEach { reporter.handle($0) }
        #expect(
            collected.text == """
                error: lib/broken.ex:2: undefined function foo/0
                error: build: mix release failed
                  mend lib/broken.ex

                """)
    }

    @Test("a group hands each event to all of its reporters")
    func group() throws {
        let first = CollectedText()
        let second = CollectedText()
        var group = ReporterGroup([PlainReporter(to: first.sink), JSONReporter(to: second.sink)])
        try BuildStories.success().forEach { group.handle($0) }
        #expect(first.text.hasPrefix("mixpack 0.1.0"))
        #expect(second.text.split(separator: "\n").count == (try BuildStories.success().count))
    }
}
