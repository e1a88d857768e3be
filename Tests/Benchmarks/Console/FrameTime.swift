import Console
import Lifecycle
import OCIImage
import TerminalTesting
import TerminalUI

/// How long the picture of a 200x60 screen takes to make, with a long log and with the log wrapped.
struct FrameTime {
    private let size = Size(width: 200, height: 60)

    func run() async throws {
        report("console: a frame of \(size)")
        var slowest = Duration.zero
        for (name, keys) in [("Build", ["0"]), ("Build, wrapped", ["0", "w"]), ("Project", ["1"]), ("help", ["?"])] {
            let times = try await frames(after: keys)
            slowest = max(slowest, times.median)
            report("  \(name): \(times.median.inMilliseconds), 99 of 100 under \(times.p99.inMilliseconds)")
        }
        Goal(text: "a frame under 1 ms", isReached: slowest < .milliseconds(1)).tell()
    }

    private func frames(after keys: [String]) async throws -> Timing {
        let log = try SampleLog(lines: 100_000, over: 1)
        let program = try ConsoleProgram(
            clients: ConsoleClients(), start: .replay(name: "long", events: log.events))
        let session = await HeadlessSession(program, size: size)
        for key in keys { try await session.press(key) }
        guard let state = await session.state() else { return Timing([]) }
        var times: [Duration] = []
        var drawn = 0
        for _ in 0..<1000 {
            let start = ContinuousClock.now
            let frame = program.view(state, size: size)
            times.append(ContinuousClock.now - start)
            drawn += frame.canvas.size.width
        }
        guard drawn == times.count * size.width else { return Timing([]) }
        return Timing(times)
    }
}
