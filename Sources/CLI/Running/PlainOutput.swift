import Glibc
import Reports
import SystemPackage
import TerminalUI

/// Where plain text goes: standard output and standard error, as the display options want them.
struct PlainOutput: Sendable {
    let output: TextSink
    /// Takes why a build failed.
    let failures: TextSink
    /// What is being done now; `nil` unless a terminal outside CI can show it.
    let live: LiveLine?

    init(_ display: DisplayOptions, _ machine: Machine) {
        self.init(
            machine, color: display.chosenColor, hasTimestamps: display.timestamps, isAccessible: display.accessible)
    }

    init(
        _ machine: Machine, color: ColorChoice = .auto, hasTimestamps: Bool = false, isAccessible: Bool = false
    ) {
        let line = isAccessible || !machine.showsLiveLine ? nil : LiveLine.onStandardOutput()
        let isPlain = color == .never || color == .auto && machine.refusesColours
        func sink(_ file: FileDescriptor) -> TextSink {
            let raw = TextSink(file)
            let roomy = line?.sink(over: raw) ?? raw
            let coloured = isPlain ? roomy.withoutColours() : roomy
            return hasTimestamps ? coloured.stamped { .now() } : coloured
        }
        output = sink(.standardOutput)
        failures = sink(.standardError)
        live = line
    }

    /// Does something while the line says what.
    func whileLive<Value: Sendable>(_ body: (LiveLine?) async throws -> Value) async rethrows -> Value {
        let drawing = live.map { line in Task { await line.run() } }
        do {
            let value = try await body(live)
            drawing?.cancel()
            live?.end()
            return value
        } catch {
            drawing?.cancel()
            live?.end()
            throw error
        }
    }
}

extension Machine {
    /// Whether a line of standard output can be written over.
    fileprivate var showsLiveLine: Bool {
        let term = environment["TERM"] ?? ""
        return isatty(STDOUT_FILENO) == 1 && !term.isEmpty && term != "dumb" && !isCI
    }

    fileprivate var refusesColours: Bool { !environment["NO_COLOR", default: ""].isEmpty }
}

extension LiveLine {
    fileprivate static func onStandardOutput() -> LiveLine {
        LiveLine(
            write: { bytes in _ = try? FileDescriptor.standardOutput.writeAll(bytes) },
            width: {
                var size = winsize()
                let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
                return isKnown ? Int(size.ws_col) : 80
            }, clock: Machine.now)
    }
}
