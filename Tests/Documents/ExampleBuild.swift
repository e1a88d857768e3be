import BuildpackAPI
import Diagnostics
import Lifecycle
import OCIImage

/// One event of each kind, as a build of a small project makes them: the examples of docs/events.md.
enum ExampleBuild {
    private static let mixRelease = "io.github.carlo-colombo.mix-release"

    /// The example of one event.
    static func event(_ name: LifecycleEvent.Name) throws -> LifecycleEvent {
        let (time, kind) = try moment(name)
        return LifecycleEvent(at: time, kind)
    }

    private static func moment(_ name: LifecycleEvent.Name) throws -> (Double, LifecycleEvent.Kind) {
        switch name {
        case .buildStarted: (0, .started(start))
        case .phaseStarted: (0.012, .phaseStarted(.detect))
        case .phaseFinished: (0.041, .phaseFinished(.detect, .done, seconds: 0.029))
        case .buildpackStarted: (0.05, .buildpackStarted(.build, id: mixRelease, version: "0.1.0"))
        case .buildpackFinished:
            (0.9, .buildpackFinished(.build, id: mixRelease, outcome: .passed, reason: nil))
        case .planResolved: (0.04, .planResolved(plan))
        case .commandStarted: (0.061, .commandStarted(id: 1, buildpack: mixRelease, text: "mix release hello"))
        case .commandEnded: (0.84, .commandEnded(id: 1, status: 0, seconds: 0.779))
        case .output:
            (0.3, .output(Output(buildpack: mixRelease, command: 1, text: "Compiling 1 file (.ex)\n")))
        case .notice: (0.02, .notice("bubblewrap is missing: digests may depend on the project's place"))
        case .diagnostic: (0.035, .diagnostic(diagnostic))
        case .layer: (0.95, .layer(.exported, try release()))
        case .progress: (0.055, .progress(step: "copying the project", done: 12, total: 12))
        case .dependency:
            (0.2, .dependency(DependencyStep("jason", .compiling, number: 3, total: 24, seconds: 1.234)))
        case .imageWritten: (1.02, .imageWritten(place: "oci:out/hello"))
        case .buildFinished: (1.04, .finished(try report()))
        case .buildFailed: (0.05, .failed(failure))
        case .buildCancelled: (0.5, .cancelled)
        }
    }

    private static let start = BuildStart(
        image: "hello", project: "/home/me/hello", version: "0.1.0",
        logFile: "/home/me/.cache/mixpack/hello-3f2a9c01b7de/logs/2026-01-02T03-04-05.678Z.log")

    private static let plan = ResolvedPlan(
        group: [BuildpackReference(id: mixRelease, version: "0.1.0")],
        entries: [
            .init(name: "elixir", providers: ["io.github.carlo-colombo.elixir-runtime"], requires: [.init("elixir")])
        ])

    private static let diagnostic = Diagnostic(
        .warning, "SECRET_KEY_BASE is read at build time and compiled in", file: "config/config.exs", line: 3,
        advice: "read it in config/runtime.exs")

    private static let failure = BuildFailure(
        phase: .detect, exitCode: 22, message: "the project has several releases: web_rel, worker_rel",
        advice: "name one with --release", choices: ["web_rel", "worker_rel"], choiceVariable: "RELEASE")

    /// The application's layer.
    static func release() throws -> LayerSummary {
        LayerSummary(
            buildpack: mixRelease, name: "release", types: .launch, size: 194_560, files: 54, diffID: try digest("a"),
            reason: "the project's code changed")
    }

    /// A build that succeeded.
    static func report() throws -> BuildReport {
        let base = LayerSummary(
            buildpack: mixRelease, name: "base", types: .launch, size: 6_793_216, diffID: try digest("d"))
        let native = LayerSummary(
            buildpack: mixRelease, name: "base-native", types: .launch, size: 4_394_496, diffID: try digest("e"))
        return BuildReport(
            image: "hello:latest", manifestDigest: try digest("b"), imageID: try digest("c"), places: ["oci:out/hello"],
            layers: [base, native, try release()],
            phases: [.init(phase: .build, seconds: 0.85), .init(phase: .export, seconds: 0.09)], seconds: 1.04,
            isUnchanged: false, runCommand: "docker run -it --rm hello", requiredVariables: [])
    }

    private static func digest(_ digit: Character) throws -> Digest {
        try Digest(hex: String(repeating: digit, count: 64))
    }
}
