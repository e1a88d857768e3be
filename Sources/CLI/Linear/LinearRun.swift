import Console
import Lifecycle
import Reports
import SystemPackage

/// One run of the console as questions and lines.
struct LinearRun {
    let wiring: Wiring
    let display: DisplayOptions

    /// Runs until the user leaves, and ends with the last build's exit code.
    func run(_ start: ConsoleStart) async throws {
        var clients = ConsoleClients.live(wiring, display: display, flags: start.request)
        let running = wiring.running
        clients.build.printPlainly = { events, interrupt in
            let signals = BuildSignals(running: running, cancel: interrupt)
            defer { signals.stop() }
            var reporter = PlainReporter(to: Self.output)
            for await event in events { reporter.handle(event) }
            return .ended
        }
        let console = LinearConsole(clients: clients, terminal: TypedAnswers().terminal, start: start)
        let outcome = await console.run()
        if let code = LeavingSummary(outcome).exitCode { throw ProgramExit(code: code) }
    }

    /// Standard output, with words in the place of marks that a screen reader would spell.
    private static let output = TextSink { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("===> ") ? "phase: " + line.dropFirst("===> ".count).lowercased() : String(line)
        }
        TextSink(FileDescriptor.standardOutput).write(lines.joined(separator: "\n"))
    }
}
