import SystemPackage
import TestSupport

/// The time from the start of the process to its first frame on a terminal.
struct FirstFrame {
    let mixpack: MixpackProgram
    let folder: FilePath

    func run() async throws {
        let project = folder.appending("hello")
        try SampleProject.hello.copy(to: project)
        var times: [Duration] = []
        for _ in 0..<21 { times.append(try await start(on: project)) }
        let timing = Timing(times)
        report(
            "console: first frame \(timing.median.inMilliseconds), the slowest of \(timing.count) \(timing.worst.inMilliseconds)"
        )
        Goal(text: "the first frame within 50 ms of the start", isReached: timing.median <= .milliseconds(50)).tell()
    }

    private func start(on project: FilePath) async throws -> Duration {
        let terminal = try mixpack.startOnTerminal([project.string], columns: 120, rows: 40)
        defer { terminal.endNow() }
        // The footer is what a frame ends with.
        var shown: ContinuousClock.Instant?
        try await eventually("the first frame") {
            shown = terminal.arrival(of: "help")
            return shown != nil
        }
        terminal.send("Q")
        _ = try await terminal.end()
        return (shown ?? .now) - terminal.started
    }
}
