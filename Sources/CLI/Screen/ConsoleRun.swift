import Console
import FoundationEssentials
import Lifecycle
import NcursesTerminal
import Reports
import SystemPackage
import TerminalUI

/// One run of the console on the terminal.
struct ConsoleRun {
    let wiring: Wiring
    let display: DisplayOptions

    /// Opens the Project screen.
    func project(_ path: FilePath) async throws { try await run(.project(path)) }

    /// Opens the Build screen on a build that starts at once.
    func build(_ request: BuildRequest, notice: String?) async throws { try await run(.build(request)) }

    /// Opens the Image screen.
    func image(_ place: String) async throws { try await run(.image(place: place)) }

    /// Opens the Build screen on a recording.
    func replay(_ name: String, _ events: [LifecycleEvent]) async throws {
        try await run(.replay(name: name, events: events))
    }

    private func run(_ start: ConsoleStart) async throws {
        let settings = try ConsoleOptions(machine: wiring.machine, display: display).settings()
        let program: ConsoleProgram
        do {
            program = try ConsoleProgram(
                environment: LiveConsole(wiring: wiring, display: display).environment, start: start, settings: settings
            )
        } catch {
            throw ProgramExit.usage("\(error)")
        }
        let terminal = CursesTerminal(options: TerminalOptions(environment: wiring.machine.environment))
        let state: ConsoleProgram.State
        do {
            state = try await ProgramLoop(program, terminal: terminal).run()
        } catch {
            throw ProgramExit.usage(
                "the console cannot be drawn: \(error.message)", advice: "\(error.advice)\n  or use --ui=plain")
        }
        try leave(state, endingSignal: terminal.endingSignal)
    }

    /// Says on the normal screen how the last build ended, and ends with its exit code.
    private func leave(_ state: ConsoleProgram.State, endingSignal: Int32?) throws {
        let summary = LeavingSummary(state).text
        if !summary.isEmpty { print(summary) }
        if let endingSignal { throw ProgramExit(message: nil, code: ExitCode.cancelled, signal: endingSignal) }
        if let code = LeavingSummary(state).exitCode { throw ProgramExit(message: nil, code: code) }
    }
}
