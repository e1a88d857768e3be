import Console
import Diagnostics
import Files
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
    /// Whether builds follow whenever a file is saved.
    var watches = false

    /// Opens the console, and ends with the exit code of its last build.
    func run(_ start: ConsoleStart, replaySpeed: Double = 1) async throws {
        let options = ConsoleOptions(machine: wiring.machine, display: display, watches: watches)
        if try options.isAccessible() { return try await LinearRun(wiring: wiring, display: display).run(start) }
        var settings = try options.settings()
        settings.replaySpeed = replaySpeed
        var clients = ConsoleClients.live(wiring, display: display, flags: start.request)
        clients.app.themes = { try options.themes() }
        let program = try ConsoleProgram(clients: clients, start: start, settings: settings)
        let terminal = CursesTerminal(options: terminalOptions(settings))
        let state: ConsoleProgram.State
        do {
            state = try await ProgramLoop(program, terminal: terminal).run()
        } catch {
            throw Failure(
                .usage, "the console cannot be drawn: \(error.message)",
                advice: (error.advice.map { "\($0)\n  or " } ?? "") + "use --ui=plain")
        }
        try await leave(state, endingSignal: terminal.endingSignal)
    }

    /// Ctrl-Z stops the commands of a build with mixpack, though they are in sessions of their own.
    private func terminalOptions(_ settings: ConsoleSettings) -> TerminalOptions {
        let running = wiring.running
        let theme = settings.themes.first { $0.name == settings.theme }
        return TerminalOptions(
            environment: wiring.machine.environment, color: display.chosenColor,
            wantsExactColors: theme?.namesExactColors ?? false, allowsMouse: !display.noMouse,
            willStop: { running.pause() }, didContinue: { running.resume() })
    }

    /// Says on the normal screen how the last build ended and what still runs, and ends with the build's exit code.
    private func leave(_ state: ConsoleProgram.State, endingSignal: Int32?) async throws {
        let summary = LeavingSummary(state.outcome, wasBuilding: state.wasBuilding)
        if !summary.text.isEmpty && !state.hasDetached { print(summary.text) }
        if state.container != nil || state.database != nil, let engine = try? await wiring.engineCommand() {
            print(LeftContainers(container: state.container, database: state.database, engine: engine.words).text)
        }
        if let endingSignal { throw ProgramExit(code: ExitCode.cancelled, signal: endingSignal) }
        if let code = summary.exitCode { throw ProgramExit(code: code) }
    }
}

extension ConsoleStart {
    /// The build that flags ask for.
    var request: BuildRequest? {
        switch self {
        case .prepared(let request), .build(let request): request
        case .project, .image, .replay: nil
        }
    }
}
