import Console
import Files
import Glibc
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

    /// Standard output, with words in the place of marks that a screen reader would spell, and without colours.
    private static let output = TextSink { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("===> ") ? "phase: " + line.dropFirst("===> ".count).lowercased() : String(line)
        }
        plain.write(lines.joined(separator: "\n"))
    }

    fileprivate static let plain = TextSink(FileDescriptor.standardOutput).withoutColours()
}

/// Questions on standard output, answers from standard input; a secret is read without echo.
struct TypedAnswers: Sendable {
    /// The terminal that the linear console speaks to.
    var terminal: LinearTerminal {
        LinearTerminal(
            say: { Self.write($0 + "\n") },
            ask: { question in
                Self.write(question)
                return await Self.line()
            }, askSecretly: { Self.secret($0) })
    }

    private static func write(_ text: String) { LinearRun.plain.write(text) }

    /// Reads a line on a thread of its own: what is said meanwhile, such as a log, must not wait for it.
    private static func line() async -> String? {
        await withCheckedContinuation { continuation in
            let read = { continuation.resume(returning: readLine()) }
            if let thread = WorkThread(read) { thread.detach() } else { read() }
        }
    }

    /// Reads a line key by key; however it ends, the terminal's settings are as they were.
    private static func secret(_ question: String) -> SecretValue? {
        let modes = KeyModes()
        modes.enter()
        let signals = BuildSignals {
            modes.leave()
            ProgramExit.end(by: SIGTERM)
        }
        // Only now: who types as soon as the question is there must not be shown either.
        write(question)
        var line = SecretLine()
        let isComplete = line.read()
        signals.stop()
        modes.leave()
        write("\n")
        if line.wasInterrupted { ProgramExit.end(by: SIGINT) }
        return isComplete ? line.value : nil
    }
}

/// The bytes of a secret as they are typed: Backspace and Ctrl-U correct, Enter ends.
private struct SecretLine {
    private var bytes: [UInt8] = []
    private(set) var wasInterrupted = false

    var value: SecretValue { SecretValue(String(decoding: bytes, as: UTF8.self)) }

    /// Reads to the end of the line; false where the input ended or Ctrl-C was pressed before.
    mutating func read() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = Glibc.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return false }
            switch byte {
            case 10, 13: return true
            case 3:
                wasInterrupted = true
                return false
            case 4 where bytes.isEmpty: return false
            case 8, 127: dropCharacter()
            case 21: bytes = []
            case 0..<32: break
            default: bytes.append(byte)
            }
        }
    }

    private mutating func dropCharacter() {
        while let last = bytes.popLast() { if last & 0xC0 != 0x80 { return } }
    }
}
