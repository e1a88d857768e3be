import BuildpackAPI
import Diagnostics
import Lifecycle

@testable import Documents

/// Whole builds as lists of events, for the reports to tell.
enum BuildStories {
    static let mixRelease = "io.github.carlo-colombo.mix-release"
    static let erlang = "io.github.carlo-colombo.erlang-runtime"

    /// A build that succeeds, with a warning.
    static func success() throws -> [LifecycleEvent] {
        let release = try ExampleBuild.release()
        var base = release
        base.name = "base"
        base.reason = nil
        return timed([
            try ExampleBuild.event(.buildStarted).kind,
            .phaseStarted(.analyze), .phaseFinished(.analyze, .done, seconds: 0.01),
            .phaseStarted(.detect),
            .buildpackFinished(.detect, id: erlang, outcome: .passed, reason: nil),
            .buildpackFinished(.detect, id: "example/other", outcome: .skipped, reason: "no package.json"),
            .planResolved(
                ResolvedPlan(
                    group: [.init(id: erlang, version: "0.1.0"), .init(id: mixRelease, version: "0.1.0")], entries: [])),
            try ExampleBuild.event(.diagnostic).kind,
            .phaseFinished(.detect, .done, seconds: 0.02), .phaseStarted(.restore),
            .layer(.restored, base), .phaseFinished(.restore, .done, seconds: 0),
            .phaseStarted(.build), .buildpackStarted(.build, id: mixRelease, version: "0.1.0"),
            .progress(step: "copying the project", done: 5, total: 12),
            .progress(step: "copying the project", done: 12, total: 12),
            .commandStarted(id: 1, buildpack: mixRelease, text: "mix release hello"),
            .output(Output(buildpack: mixRelease, command: 1, text: "Compiling 1 file (.ex)\n\nGenerated hello app\n")),
            .output(Output(buildpack: nil, text: "a line of the lifecycle\n")),
            .commandEnded(id: 1, status: 0, seconds: 0.75),
            .layer(.growing, release), .layer(.created, release),
            .buildpackFinished(.build, id: mixRelease, outcome: .passed, reason: nil),
            .phaseFinished(.build, .done, seconds: 0.85), .phaseStarted(.export),
            .layer(.reused, base), .layer(.exported, release),
            .imageWritten(place: "oci:out/hello"), .phaseFinished(.export, .done, seconds: 0.09),
            try ExampleBuild.event(.buildFinished).kind,
        ])
    }

    /// A build that fails in a command, with the compiler's error.
    static func failure() throws -> [LifecycleEvent] {
        timed([
            try ExampleBuild.event(.buildStarted).kind, .phaseStarted(.build),
            .commandStarted(id: 1, buildpack: mixRelease, text: "mix release hello"),
            .diagnostic(Diagnostic(.error, "undefined function foo/0", file: "lib/broken.ex", line: 2)),
            .diagnostic(Diagnostic(.warning, "variable x is unused", file: "lib/a.ex", line: 1)),
            .output(Output(buildpack: mixRelease, command: 1, isError: true, text: "== Compilation error\n")),
            .commandEnded(id: 1, status: 1, seconds: 0.5), .phaseFinished(.build, .failed, seconds: 0.6),
            .failed(
                BuildFailure(phase: .build, exitCode: 51, message: "mix release failed", advice: "mend lib/broken.ex")),
        ])
    }

    /// A build that nothing had to be done for.
    static func unchanged() throws -> [LifecycleEvent] {
        var report = try ExampleBuild.report()
        report.isUnchanged = true
        report.requiredVariables = ["SECRET_KEY_BASE", "DATABASE_URL"]
        return timed([
            .phaseStarted(.build), .phaseFinished(.build, .unchanged, seconds: 0.001), .finished(report),
        ])
    }

    private static func timed(_ kinds: [LifecycleEvent.Kind]) -> [LifecycleEvent] {
        kinds.enumerated().map { LifecycleEvent(at: Double($0.offset) / 8, $0.element) }
    }
}
