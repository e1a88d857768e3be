import SystemPackage
import TestSupport

/// How soon a lone Esc shows on the screen: ncurses by itself would wait a second for what may follow it.
struct EscapeKey {
    let mixpack: MixpackProgram
    let folder: FilePath

    func run() async throws {
        let project = folder.appending("escape")
        try SampleProject.hello.copy(to: project)
        let terminal = try mixpack.startOnTerminal([project.string], columns: 120, rows: 40)
        defer { terminal.endNow() }
        try await eventually("the first frame") { terminal.arrival(of: "help") != nil }
        var times: [Duration] = []
        for _ in 0..<20 { times.append(try await close(on: terminal)) }
        terminal.send("Q")
        _ = try await terminal.end()
        let timing = Timing(times)
        report(
            "console: a lone Esc closes the help after \(timing.median.inMilliseconds), worst \(timing.worst.inMilliseconds)"
        )
        Goal(text: "a lone Esc within 100 ms", isReached: timing.median <= .milliseconds(100)).tell()
    }

    /// Opens the help, and measures from Esc to the first byte that is drawn because of it.
    private func close(on terminal: PseudoTerminal) async throws -> Duration {
        let before = terminal.written
        terminal.send("?")
        // curses sends only what changes, so no text of the help can be waited for.
        try await eventually("the help") { terminal.written > before }
        var settled = 0
        try await eventually("all of the help") {
            defer { settled = terminal.written }
            return settled == terminal.written
        }
        let start = ContinuousClock.now
        terminal.send("\u{1B}")
        var shown: ContinuousClock.Instant?
        try await eventually("what Esc draws") {
            shown = terminal.arrival(of: "\u{1B}[", after: settled)
            return shown != nil
        }
        return (shown ?? .now) - start
    }
}
