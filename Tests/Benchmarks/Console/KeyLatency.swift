import Reports
import SystemPackage
import TestSupport

/// How soon a key shows on the screen of the real program while it replays a build that writes 200,000 lines a second.
struct KeyLatency {
    let mixpack: MixpackProgram
    let folder: FilePath

    func run() async throws {
        // At its fastest, a replay goes 64 times as fast as the build did.
        let log = try SampleLog(lines: 1_000_000, over: 320)
        let file = folder.appending("long.events")
        var recording = try RecordingWriter(to: file, version: "bench")
        for event in log.events { recording.handle(event) }
        let times = try await presses(file)
        let cpu = try await processorTimeOfFrames(file)
        report("console: a key on the screen while \(log.lines) lines come in 5 s, \(times.count) keys")
        report(
            "  median \(times.median.inMilliseconds), 99 of 100 under \(times.p99.inMilliseconds), worst \(times.worst.inMilliseconds)"
        )
        report(
            "  a key that changes the whole of a 200x60 screen costs \(cpu.inMilliseconds) of processor time, ncurses and all"
        )
        Goal(text: "a key within 16 ms at p99", isReached: times.p99 <= .milliseconds(16)).tell()
    }

    private func presses(_ file: FilePath) async throws -> Timing {
        var times: [Duration] = []
        while times.count < 300 {
            let terminal = try mixpack.startOnTerminal(["replay", file.string], columns: 120, rows: 40)
            defer { terminal.endNow() }
            try await eventually("the replay", within: .seconds(60)) { terminal.arrival(of: "[4 Build]") != nil }
            terminal.send("))))))")
            try await eventually("full speed") { terminal.arrival(of: "x64") != nil }
            for round in 0..<100 where !terminal.output.contains("✓ shop:latest") {
                times.append(try await press(round.isMultiple(of: 2) ? "3" : "4", on: terminal))
            }
            terminal.send("Q")
            _ = try await terminal.end()
        }
        return Timing(times)
    }

    /// From the key to the tab that it opens.
    private func press(_ key: String, on terminal: PseudoTerminal) async throws -> Duration {
        let written = terminal.written
        let tab = key == "3" ? "[3 Secrets]" : "[4 Build]"
        let start = ContinuousClock.now
        terminal.send(key)
        var shown: ContinuousClock.Instant?
        try await eventually("\(tab) after \(key)") {
            shown = terminal.arrival(of: tab, after: written)
            return shown != nil
        }
        return (shown ?? .now) - start
    }

    /// What a switch between two screens costs the program once nothing else is at work.
    private func processorTimeOfFrames(_ file: FilePath) async throws -> Duration {
        let terminal = try mixpack.startOnTerminal(["replay", file.string], columns: 200, rows: 60)
        defer { terminal.endNow() }
        try await eventually("the replay", within: .seconds(60)) { terminal.arrival(of: "[4 Build]") != nil }
        terminal.send("p")
        try await eventually("the pause") { terminal.arrival(of: "paused") != nil }
        let before = try processorTime(of: terminal.id)
        for round in 0..<200 { _ = try await press(round.isMultiple(of: 2) ? "3" : "4", on: terminal) }
        return (try processorTime(of: terminal.id) - before) / 200
    }

    /// The time that all threads of a process have run.
    private func processorTime(of id: Int32) throws -> Duration {
        let threads = FilePath("/proc/\(id)/task")
        return try threads.names().reduce(.zero) { sum, thread in
            let text = (try? threads.appending(thread).appending("schedstat").readText()) ?? ""
            return sum + .nanoseconds(text.split(separator: " ").first.flatMap { Int64($0) } ?? 0)
        }
    }
}
