import BuildpackAPI
import Diagnostics
import Lifecycle
import Reports
import TestSupport
import Testing

@testable import Documents

@Suite struct PlainReporterTests {
    @Test("a build that succeeds is told by phase, and ends with where the image is and how it is run")
    func success() throws {
        try expectSnapshot(try told(BuildStories.success()), named: "success")
    }

    @Test("DEBUG shows each command")
    func debug() throws {
        try expectSnapshot(try told(BuildStories.success(), showsCommands: true), named: "debug")
    }

    @Test("a build that fails says its errors at the end")
    func failure() throws {
        try expectSnapshot(try told(BuildStories.failure()), named: "failure")
    }

    @Test("a build without changes says so, and which variables the image needs")
    func unchanged() throws {
        try expectSnapshot(try told(BuildStories.unchanged()), named: "unchanged")
    }

    @Test("a summary says that the release was not tried, and why")
    func notTried() throws {
        var report = try ExampleBuild.report()
        report.notTried = Diagnostic(.error, "no sandbox: bubblewrap is not installed", advice: "install it\nor not")
        let lines = told([LifecycleEvent(at: 0, .finished(report))])
        #expect(
            lines.contains(
                "\nNot tried: the release was not started (no sandbox: bubblewrap is not installed)\n  install it\n  or not\n"
            ), "\(lines)")
    }

    @Test("why a build failed can go elsewhere, and only that")
    func failureSink() throws {
        let output = CollectedText()
        let failures = CollectedText()
        var reporter = PlainReporter(to: output.sink, failuresTo: failures.sink)
        try BuildStories.failure().forEach { reporter.handle($0) }
        let whole = try told(BuildStories.failure())
        #expect(output.text + failures.text == whole)
        #expect(failures.text.hasPrefix("error: lib/broken.ex:2"))
    }

    @Test("of many errors the first twenty are said, at the end, and the one that failed the build once")
    func manyErrors() {
        let errors = (1...25).map { (number: Int) in
            LifecycleEvent(at: 0, .diagnostic(Diagnostic(.error, "no \(number)", file: "a.ex", line: number)))
        }
        let failure = BuildFailure(phase: .build, exitCode: 51, message: "no 2", file: "a.ex", line: 2)
        let command = LifecycleEvent(at: 0, .commandStarted(id: 1, buildpack: "a", text: "mix release"))
        let lines = told([command] + errors + errors + [LifecycleEvent(at: 0, .failed(failure))])
            .split(separator: "\n")
        #expect(
            lines.map(String.init) == ([1] + Array(3...21)).map { "error: a.ex:\($0): no \($0)" }
                + ["error: build: a.ex:2: no 2"])
        let quiet = CollectedText()
        var reporter = QuietReporter(to: quiet.sink)
        for event in errors.prefix(3) + [LifecycleEvent(at: 0, .failed(failure))] { reporter.handle(event) }
        #expect(quiet.text == "error: a.ex:1: no 1\nerror: a.ex:3: no 3\nerror: build: a.ex:2: no 2\n")
    }

    @Test("an error that no command printed is said when it comes")
    func earlyError() {
        let error = LifecycleEvent(at: 0, .diagnostic(Diagnostic(.error, "no engine answers", advice: "start it")))
        #expect(told([error]) == "error: no engine answers\n  start it\n")
    }

    @Test("a failure names its place")
    func place() {
        let failure = BuildFailure(phase: .detect, exitCode: 22, message: "unexpected end", file: "mix.exs", line: 4)
        #expect(told([LifecycleEvent(at: 0, .failed(failure))]) == "error: detect: mix.exs:4: unexpected end\n")
    }

    @Test("choices are listed with the variable that makes them, unless the message and its advice say so")
    func choices() throws {
        let said = told([try ExampleBuild.event(.buildFailed)])
        #expect(
            said == """
                error: detect: the project has several releases: web_rel, worker_rel
                  name one with --release

                """)
        let failure = BuildFailure(
            exitCode: 22, message: "no release", choices: ["web_rel", "worker_rel"], choiceVariable: "RELEASE")
        #expect(
            told([LifecycleEvent(at: 0, .failed(failure))]) == """
                error: no release
                  choose with --release NAME: web_rel, worker_rel

                """)
        let other = BuildFailure(
            exitCode: 22, message: "no release zz", advice: "there are web_rel, worker_rel",
            choices: ["web_rel", "worker_rel"], choiceVariable: "RELEASE")
        #expect(
            told([LifecycleEvent(at: 0, .failed(other))]) == """
                error: no release zz
                  there are web_rel, worker_rel

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

    @Test("buildpacks whose ids end alike are told apart, in every line that names them; while detecting, by whole ids")
    func alike() throws {
        let ids = ["paketo/node", "heroku/node"]
        func output(_ id: String) -> LifecycleEvent.Kind { .output(Output(buildpack: id, text: "hello\n")) }
        func layer(_ id: String) -> LayerSummary { LayerSummary(buildpack: id, name: "modules", types: .launch) }
        var report = try ExampleBuild.report()
        report.layers = ids.map(layer)
        let group = ids.map { BuildpackReference(id: $0, version: "1") }
        let kinds: [LifecycleEvent.Kind] =
            [.phaseStarted(.detect), output(ids[0])]
            + [.planResolved(ResolvedPlan(group: group, entries: [])), .phaseStarted(.build)]
            + ids.flatMap {
                [.buildpackStarted(.build, id: $0, version: "1"), output($0), .layer(.created, layer($0))]
            }
            + [.finished(report)]
        let lines = told(kinds.map { LifecycleEvent(at: 0, $0) })
        for id in ids {
            #expect(lines.contains("[\(id)] \(id) 1\n[\(id)] hello\nMade layer \(id):modules\n"), "\(lines)")
            #expect(lines.contains("  \(id):modules\n"), "\(lines)")
        }
        #expect(lines.hasPrefix("===> DETECTING\n[paketo/node] hello\n"), "\(lines)")
    }

    @Test("a dependency has one line, once it is compiled")
    func dependencies() {
        let steps = [
            DependencyStep("jason", .fetching, number: 1, total: 2, seconds: 1),
            DependencyStep("jason", .compiling, number: 1, total: 2),
            DependencyStep("jason", .compiling, number: 1, total: 2, seconds: 1.26),
        ]
        let events = steps.map { LifecycleEvent(at: 0, .dependency($0)) }
        #expect(told(events) == "compiled jason (1 of 2) in 1.26 s\n")
        let collected = CollectedText()
        var quiet = QuietReporter(to: collected.sink)
        events.forEach { quiet.handle($0) }
        #expect(collected.text == "")
    }

    @Test("many lines are written a chunk at a time, in time in proportion to them")
    func manyLines() {
        let line = "Compiling lib/some/module/of/the/project.ex and so on\n"
        let times = growth(from: 40_000) { lines in
            let collected = CollectedText()
            var reporter = PlainReporter(to: collected.sink)
            let chunk = String(repeating: line, count: lines / 100)
            let event = LifecycleEvent(at: 0, .output(Output(buildpack: BuildStories.mixRelease, text: chunk)))
            for _ in 0..<100 { reporter.handle(event) }
            #expect(collected.count == lines * (line.utf8.count + 14))
            #expect(collected.writes == 100)
        }
        #expect(times < 30)
    }

    private func told(_ events: [LifecycleEvent], showsCommands: Bool = false) -> String {
        let collected = CollectedText()
        var reporter = PlainReporter(to: collected.sink, showsCommands: showsCommands)
        events.forEach { reporter.handle($0) }
        return collected.text
    }
}
