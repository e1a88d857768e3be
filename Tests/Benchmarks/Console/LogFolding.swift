import Console
import Lifecycle
import OCIImage
import SystemPackage
import TerminalTesting
import TerminalUI
import TestSupport

/// A million lines of log through the whole console: events, inbox, state, index, and frames as they come due.
struct LogFolding {
    func run() async throws {
        let log = try SampleLog(lines: 1_000_000, over: 60)
        _ = try await fold(try SampleLog(lines: 100_000, over: 6))
        let before = try memory()
        var times: [Duration] = []
        for _ in 0..<5 { times.append(try await fold(log)) }
        let grown = try memory() - before
        let rate = Double(log.lines) / (Timing(times).median / .seconds(1))
        var kept = LogStore()
        for event in log.events {
            if case .output(let output) = event.kind { kept.append(output.text, kind: .output, time: 0) }
        }
        report("console: \(log.lines) log lines of \(log.bytes / log.lines) bytes, five times")
        report("  \(Int(rate / 1000))k lines a second into the console on 120x40, median of \(times.count)")
        report(
            "  \(kept.footprint / max(1, kept.count)) bytes a line, of which the last \(kept.count) are kept; "
                + "the process grew by \(grown >> 20) MB")
        Goal(text: "1,000,000 lines a second", isReached: rate >= 1_000_000).tell()
        Goal(text: "memory bounded: under 256 MB more", isReached: grown < 256 << 20).tell()
    }

    /// The time from the build's first event to the state after its last.
    private func fold(_ log: SampleLog) async throws -> Duration {
        var clients = ConsoleClients()
        clients.build.start = { _ in
            let (events, giver) = AsyncStream.makeStream(of: LifecycleEvent.self)
            for event in log.events { giver.yield(event) }
            giver.finish()
            return BuildHandle(events: events, cancel: {}, kill: {})
        }
        let request = BuildRequest(image: try Reference("shop"), project: "/home/ann/shop")
        let program = try ConsoleProgram(clients: clients, start: .build(request))
        return await time {
            let session = await HeadlessSession(program, size: Size(width: 120, height: 40))
            await session.wait { $0.outcome != nil }
            session.terminal.send(.key(.control("c")))
            _ = await session.finished()
        }
    }

    /// The memory that the process has in use, in bytes.
    private func memory() throws -> Int {
        let lines = try FilePath("/proc/self/status").readText().split(separator: "\n")
        let line = lines.first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) << 10
    }
}
