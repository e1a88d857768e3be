import BuildpackAPI
import Diagnostics
import Lifecycle
import Testing

@testable import Console

@Suite struct BuildStateTests {
    @Test("a build is followed through its phases to its end")
    func followsPhases() {
        var state = BuildState()
        state.fold(LifecycleEvent(at: 0, .started(BuildStart(image: "a", project: "/p", version: "1", logFile: nil))))
        state.fold(LifecycleEvent(at: 0.1, .phaseStarted(.analyze)))
        state.fold(LifecycleEvent(at: 0.4, .phaseFinished(.analyze, .done, seconds: 0.3)))
        state.fold(LifecycleEvent(at: 0.5, .phaseStarted(.detect)))
        #expect(state.isRunning)
        #expect(state.runningPhase?.phase == .detect)
        #expect(state.phases[0].status == .ended(.done, seconds: 0.3))
        state.fold(
            LifecycleEvent(at: 0.6, .failed(BuildFailure(phase: .detect, exitCode: 20, message: "no group fits"))))
        #expect(!state.isRunning)
        guard case .ended(.failed, let seconds) = state.phases[1].status else {
            Issue.record("detect did not fail: \(state.phases[1].status)")
            return
        }
        #expect(abs(seconds - 0.1) < 0.001)
        #expect(state.log.kept(state.log.endLine - 1)?.text == "error: no group fits")
    }

    @Test("a layer keeps what earlier events told of it")
    func keepsLayerFacts() {
        var state = BuildState()
        let restored = LayerSummary(
            buildpack: "b", name: "deps", types: [.launch, .cache], size: 100, files: 3, reason: "kept")
        state.fold(LifecycleEvent(at: 0, .layer(.restored, restored)))
        let grown = LayerSummary(buildpack: "b", name: "deps", types: [], size: 150)
        state.fold(LifecycleEvent(at: 1, .layer(.growing, grown)))
        #expect(state.layers.count == 1)
        #expect(state.layers[0].layer.size == 150)
        #expect(state.layers[0].layer.files == 3)
        #expect(state.layers[0].layer.types == [.launch, .cache])
        #expect(state.layers[0].restoredSize == 100)
    }

    @Test("a layer of which only the metadata was restored has no size to compare with")
    func metadataAlone() {
        var state = BuildState()
        let restored = LayerSummary(buildpack: "b", name: "base", types: [.launch], size: 0, reason: "metadata")
        state.fold(LifecycleEvent(at: 0, .layer(.restored, restored)))
        let reused = LayerSummary(buildpack: "b", name: "base", types: [.launch], size: 150)
        state.fold(LifecycleEvent(at: 1, .layer(.reused, reused)))
        #expect(state.layers.map(\.layer.size) == [150] && state.layers.map(\.restoredSize) == [nil])
    }

    @Test("problems are counted and point into the log")
    func countsProblems() {
        var state = BuildState()
        state.fold(LifecycleEvent(at: 0, .output(Output(text: "a\nb\n"))))
        state.fold(
            LifecycleEvent(at: 0, .diagnostic(Diagnostic(.warning, "unused variable", file: "lib/a.ex", line: 3))))
        state.fold(
            LifecycleEvent(
                at: 0, .diagnostic(Diagnostic(.error, "undefined function", file: "lib/a.ex", line: 9, column: 2))))
        #expect(state.warningCount == 1)
        #expect(state.errorCount == 1)
        #expect(state.problems.map(\.place) == ["lib/a.ex:3", "lib/a.ex:9:2"])
        #expect(state.log.kept(state.problems[1].line)?.text == "lib/a.ex:9:2: error: undefined function")
    }

    @Test("a message that the command printed is marked in its place and not repeated")
    func marksMessages() {
        var state = BuildState()
        for event in Fixtures.failedToCompile() { state.fold(event) }
        let lines = state.log.lines.compactMap { state.log.kept($0) }
        let errors = lines.filter { $0.kind == .error }.map(\.text)
        #expect(errors.count == 2)
        #expect(errors.first?.hasPrefix("error: undefined function render/2 (expected") == true)
        #expect(errors.last == "error: undefined variable \"price\"")
        #expect(lines.filter { $0.text.contains("render/2") }.count == 1)
        #expect(lines.filter { $0.kind == .warning }.count == 1)
        #expect(state.problems.map { state.log.kept($0.line)?.kind } == [.warning, .error, .error])
    }

    @Test("two messages of one text have a line each")
    func marksEqualMessages() {
        var state = BuildState()
        state.fold(
            LifecycleEvent(
                at: 0, .output(Output(text: "warning: it is unused here\n a\nwarning: it is unused here\n b\n"))))
        for file in ["a", "b"] {
            state.fold(
                LifecycleEvent(at: 0, .diagnostic(Diagnostic(.warning, "it is unused here", file: file, line: 1))))
        }
        #expect(state.problems.map(\.line) == [0, 2])
        #expect(state.log.endLine == 4)
    }

    @Test("commands become sections of the log with their end and status")
    func sections() {
        var state = BuildState()
        state.fold(LifecycleEvent(at: 0, .phaseStarted(.build)))
        state.fold(LifecycleEvent(at: 0, .commandStarted(id: 7, buildpack: "b", text: "mix\nrelease")))
        state.fold(LifecycleEvent(at: 1, .output(Output(command: 7, text: "x\ny\n"))))
        state.fold(LifecycleEvent(at: 2, .commandEnded(id: 7, status: 1, seconds: 2)))
        #expect(state.sections.map(\.heading) == [0, 1])
        #expect(state.sections[1].end == 4)
        #expect(state.sections[1].hasFailed)
        #expect(state.failedCommand?.id == 7)
        #expect(state.log.kept(1)?.text == "$ mix release")
    }

    @Test("a dependency is shown from its beginning to its end, with how many are done")
    func dependencies() {
        var state = BuildState()
        for event in Fixtures.compilingDependencies() { state.fold(event) }
        #expect(state.dependency?.text == "compiling phoenix_live_view, 3 of 24")
        #expect(state.dependency?.since == 3)
        #expect(state.progress == StepProgress(step: "compiling phoenix_live_view", done: 2, total: 24))
        let end = DependencyStep("phoenix_live_view", .compiling, number: 3, total: 24, seconds: 9)
        state.fold(LifecycleEvent(at: 12, .dependency(end)))
        #expect(state.dependency == nil)
        #expect(state.progress?.done == 3)
        #expect(state.log.kept(state.log.endLine - 1)?.text == "compiled phoenix_live_view (3 of 24) in 9.00 s")
        let last = DependencyStep("phoenix", .compiling, number: 24, total: 24, seconds: 9)
        state.fold(LifecycleEvent(at: 13, .dependency(last)))
        #expect(state.progress == nil)
    }

    @Test("events that stop without a last one leave a lost build, not a running one")
    func lost() {
        var state = BuildState()
        state.fold(LifecycleEvent(at: 0, .started(BuildStart(image: "a", project: "/p", version: "1", logFile: nil))))
        state.foldEnd()
        #expect(state.outcome == .lost)
        #expect(!state.isRunning)
    }
}
