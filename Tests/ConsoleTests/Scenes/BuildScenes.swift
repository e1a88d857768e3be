import Lifecycle
import TerminalUI

@testable import Console

/// The Build screen: before, while and after a build, and with the log searched, filtered and folded.
enum BuildScenes {
    static let all = states + stops + log + past

    static let ambiguous = LifecycleEvent(
        at: 0.4,
        .failed(
            BuildFailure(
                phase: .detect, exitCode: 22, message: "there are 2 releases and no default_release",
                choices: ["web_rel", "worker_rel"], choiceVariable: "RELEASE")))

    private static let states: [Scene] = [
        Scene(name: "build-idle", keys: ["4"]),
        .build("build-starting", Array(Fixtures.running().prefix(2))),
        .build("build-running", Fixtures.running()),
        .build("build-dependencies", Fixtures.compilingDependencies()),
        .build("build-running-layers", Fixtures.running(), "S-Tab", "S-Tab"),
        .build("build-running-behind", Fixtures.running(), "k", "k"),
        .build("build-cancel-asked", Fixtures.running(), "C-c"),
        .build("build-leave-asked", Fixtures.running(), "Q"),
        cancelling,
        .build("build-cancelled", Fixtures.running() + [LifecycleEvent(at: 3, .cancelled)]),
        .build("build-finished", Fixtures.finished()),
        .build("build-unchanged", unchanged),
        .build("build-failed", Fixtures.failed()),
        .build("build-failed-at-error", Fixtures.failed(), "e"),
        .build("build-problems", Fixtures.failed(), "Tab"),
        .build("build-problem-shown", Fixtures.failed(), "Tab", "Enter"),
        .build("build-asks-for-release", [ambiguous]),
        .build("build-empty-cache-asked", Fixtures.finished(), "X"),
        .build("build-watching", Fixtures.finished(), "a"),
        .build("build-layer-detail", Fixtures.finished(), "S-Tab", "S-Tab", "j"),
    ]

    /// Why a build stopped.
    private static let stops: [Scene] = [
        .build("stop-compile-error", Fixtures.failedToCompile()),
        .build("stop-compile-error-next", Fixtures.failedToCompile(), "e"),
        .build("stop-compile-error-problems", Fixtures.failedToCompile(), "Tab"),
        .build(
            "stop-mix-exs",
            Fixtures.stopped(
                BuildFailure(
                    phase: .detect, exitCode: 22, message: "syntax error before: ']'", file: "mix.exs", line: 8,
                    advice: "mend mix.exs; mix help shows the same error"))),
        .build(
            "stop-release",
            Fixtures.stopped(
                BuildFailure(
                    phase: .build, exitCode: 51,
                    message: "the release web_rel lists :worker, which is not an application of the umbrella",
                    file: "mix.exs", line: 6,
                    advice: "remove worker from applications: of web_rel in mix.exs\nor add the application to apps/"))),
        .build(
            "stop-variable",
            Fixtures.stopped(
                BuildFailure(
                    phase: .build, exitCode: 51,
                    message: "could not fetch environment variable \"BUILD_TOKEN\" because it is not set",
                    file: "config/prod.exs", line: 4,
                    advice: "set BUILD_TOKEN on the Secrets screen, or with -e BUILD_TOKEN=VALUE"))),
        .build(
            "stop-phase",
            Fixtures.stopped(
                BuildFailure(
                    phase: .restore, exitCode: 40,
                    message: "cannot read /home/ann/.cache/mixpack/shop-1a2b3c4d5e6f/layers: permission denied",
                    advice: "make the folder yours: chown -R ann /home/ann/.cache/mixpack"))),
    ]

    private static let log: [Scene] = [
        .build("build-folded", Fixtures.finished(), "-"),
        .build("build-filtered", Fixtures.finished(), "&", "c", "o", "m", "p", "Enter"),
        .build("build-filter-empty", Fixtures.finished(), "&", "z", "z", "z", "Enter"),
        .build("build-search", Fixtures.finished(), "/", "c", "o", "m", "p", "i", "Enter"),
        .build("build-search-typing", Fixtures.finished(), "/", "c", "o", "m", "p"),
        .build("build-search-none", Fixtures.finished(), "/", "z", "z", "z", "Enter"),
        .build("build-search-invalid", Fixtures.finished(), "/", "("),
        .build("build-times-unwrapped", Fixtures.finished(), "t", "w", "g"),
        .build("build-level-problems", Fixtures.failed(), "L", "L"),
        .build("build-range", Fixtures.finished(), "g", "v", "j", "j"),
        .build("build-zoomed", Fixtures.finished(), "z"),
        .build("build-colours", Fixtures.running() + colours),
    ]

    private static let past: [Scene] = [
        Scene(name: "build-history", keys: ["4", "H"]).changing(give),
        Scene(name: "build-history-none", keys: ["4", "H"]),
        Scene(name: "build-past", keys: ["4", "H", "Enter"]).changing(give),
    ]

    @Sendable private static func give(_ clients: inout ConsoleClients) {
        clients.build.past = { _ in
            [
                PastBuild(id: "7", image: "shop:latest", age: "2 h ago", ending: .failed, seconds: 3.2),
                PastBuild(
                    id: "6", image: "shop:latest", age: "1 day ago", ending: .finished, seconds: 6.7,
                    digest: "aaaaaaaaaaaa"),
                PastBuild(id: "5", image: "shop:latest", age: "1 day ago", ending: .cancelled, seconds: 1.1),
            ]
        }
        clients.build.pastEvents = { _, _ in Fixtures.failed() }
    }

    /// A build that has been told to end and has not yet.
    private static var cancelling: Scene {
        Scene.build("build-cancelling", Fixtures.running(), "c", "y").changing { clients in
            let start = clients.build.start
            clients.build.start = { request in
                let running = await start(request)
                return BuildHandle(events: running.events, cancel: {}, kill: {})
            }
        }
    }

    private static var unchanged: [LifecycleEvent] {
        var report = Fixtures.report()
        report.isUnchanged = true
        report.seconds = 0.2
        let phases: [LifecycleEvent] = Phase.allCases.flatMap { phase in
            [
                LifecycleEvent(at: 0.1, .phaseStarted(phase)),
                LifecycleEvent(at: 0.1, .phaseFinished(phase, .unchanged, seconds: 0.01)),
            ]
        }
        return Fixtures.running().prefix(1) + phases + [LifecycleEvent(at: 0.2, .finished(report))]
    }

    private static let colours = [
        LifecycleEvent(
            at: 2.5,
            .output(
                Output(
                    text:
                        "\u{1B}[32mgreen\u{1B}[0m and \u{1B}[1;31mbold red\u{1B}[0m, \u{1B}[38;2;10;20;30mexact\u{1B}[0m\n"
                        + "日本語 wide, e\u{301} combined, \u{1F468}\u{200D}\u{1F469} joined\n10 %\r100 % done\n"
                        + "\u{1B}]0;title\u{7}\u{1B}[2Jcontrol\ttab\n")))
    ]
}
