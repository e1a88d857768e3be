import Diagnostics
import Files
import Lifecycle
import TestSupport
import Testing

@testable import Reports

@Suite struct WorkflowReporterTests {
    @Test("phases are groups, problems are annotations in the repository's paths, and the end is outside of the groups")
    func commands() throws {
        let output = CollectedText()
        var reporter = WorkflowReporter(to: output.sink, folder: "apps/shop", fence: WorkflowFence(token: "t"))
        try BuildStories.failure().forEach { reporter.handle($0) }
        #expect(
            WorkflowRunner.commands(in: output.text) == [
                "::group::BUILDING", "::error file=apps/shop/lib/broken.ex,line=2::undefined function foo/0",
                "::warning file=apps/shop/lib/a.ex,line=1::variable x is unused", "::endgroup::",
                "::error::mix release failed",
            ])
        let last = try #require(output.text.ranges(of: "::endgroup::").last)
        #expect(output.text[last.upperBound...].contains("error: build: mix release failed\n  mend lib/broken.ex\n"))
    }

    @Test("what a project prints, and calls its files, is no command to the runner")
    func injection() throws {
        let (output, step, summary) = (CollectedText(), CollectedText(), CollectedText())
        let hostile = "::error::x\n  ::set-output name=a::b\n##[add-path]/tmp\n::t::\n::stop-commands::u\n"
        var reporter = WorkflowReporter(
            to: output.sink, files: .init(summary: summary.sink, outputs: step.sink), fence: WorkflowFence(token: "s3"))
        let kinds: [LifecycleEvent.Kind] = [
            .phaseStarted(.build), .notice(hostile),
            .output(Output(buildpack: nil, command: 1, text: hostile)),
            .diagnostic(Diagnostic(.error, "a\(hostile)", file: "a,b:c%\n::warning::y", line: 1)),
            .layer(.exported, LayerSummary(buildpack: nil, name: "a|b\n## c", types: [], reason: "<b>`x`")),
            .phaseFinished(.build, .failed, seconds: 1),
            .failed(BuildFailure(phase: .build, exitCode: 51, message: hostile, file: "z\n::error::z")),
        ]
        kinds.forEach { reporter.handle(LifecycleEvent(at: 0, $0)) }
        let commands = WorkflowRunner.commands(in: output.text)
        let escaped = hostile.replacingNewlines
        #expect(
            commands == [
                "::group::BUILDING", "::error file=a%2Cb%3Ac%25%0A%3A%3Awarning%3A%3Ay,line=1::a\(escaped)",
                "::endgroup::", "::error file=z%0A%3A%3Aerror%3A%3Az::\(escaped)",
            ])
        #expect(step.text.isEmpty && !summary.text.contains("\n## ") && !summary.text.contains("\n::"))
    }

    @Test("without a fence that nobody can guess the same output would be obeyed")
    func fence() {
        #expect(WorkflowRunner.commands(in: "  ::error::x\na ##[add-path]/tmp\n").count == 2)
        #expect(WorkflowFence.randomToken() != WorkflowFence.randomToken())
        let text = WorkflowFence(token: "q").failure("mixpack: a\n  ::error::x", at: "mix.exs", line: 3)
        #expect(WorkflowRunner.commands(in: text) == ["::error file=mix.exs,line=3::mixpack: a%0A  ::error::x"])
    }

    @Test("the step's summary has the layers and what is new in them, its outputs the image and its digest")
    func summary() throws {
        let (summary, outputs) = (CollectedText(), CollectedText())
        var reporter = WorkflowReporter(
            to: CollectedText().sink, files: .init(summary: summary.sink, outputs: outputs.sink))
        let story = try BuildStories.success()
        story.forEach { reporter.handle($0) }
        let digest = "sha256:" + String(repeating: "b", count: 64)
        #expect(outputs.text.hasPrefix("image=hello:latest\ndigest=\(digest)\ntags<<"))
        #expect(outputs.text.split(separator: "\n").dropFirst(3).first == "hello:latest")
        #expect(summary.text.hasPrefix("### mixpack: <code>hello&#58;latest</code> is built, in 1.04 s\n"))
        #expect(summary.text.contains("| new: the project's code changed |"))
        #expect(summary.text.contains("| the same as before |"))
        #expect(summary.text.contains("| export | 0.09 s |"))
    }

    @Test("a report file holds the last event; an old one does not stay, and its folder must exist")
    func reportFile() throws {
        try withTemporaryFolder { folder in
            let (file, warnings) = (folder.appending("report.json"), CollectedText())
            try file.write("old")
            var reporter = try ResultFile(to: file, warnings: warnings.sink)
            #expect(!file.isFile)
            let story = try BuildStories.success()
            story.forEach { reporter.handle($0) }
            let last = try #require(story.last)
            #expect(try file.bytes() == EventLine.bytes(of: last) && warnings.text.isEmpty)
            #expect(throws: Failure.self) { try ResultFile(to: folder, warnings: warnings.sink) }
            #expect(throws: Failure.self) {
                try ResultFile(to: folder.appending("none/report.json"), warnings: warnings.sink)
            }
        }
    }
}

extension String {
    /// The text as a message of a command.
    fileprivate var replacingNewlines: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "%0A")
    }
}
