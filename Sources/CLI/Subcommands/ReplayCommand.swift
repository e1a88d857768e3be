import ArgumentParser
import Console
import Diagnostics
import Files
import FoundationEssentials
import Reports
import SystemPackage
import TerminalUI

/// `mixpack replay FILE`: a recorded build, in the console, as lines or as a cast.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Shows a recorded build (mixpack build --record FILE).")

    @Argument(help: ArgumentHelp("The recording.", valueName: "file"), completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("The speed of the replay in the console or the cast, from 0.25 to 64.", valueName: "times"))
    var speed = 1.0

    @Option(
        help: ArgumentHelp(
            "Write the replay to a file for asciinema, instead of showing it: the console at 100x30, in colour.",
            valueName: "file"),
        completion: .file())
    var cast: String?

    @OptionGroup(title: "Display options")
    var display: DisplayOptions

    mutating func run() async throws {
        let machine = Machine()
        let recording: Recording
        do {
            recording = try Recording(contentsOf: machine.absolute(file))
        } catch {
            throw Failure(.usage, error.message, advice: error.advice)
        }
        guard (0.25...64).contains(speed) else {
            throw Failure(.usage, "--speed \(speed): not a speed", advice: "give a number from 0.25 to 64")
        }
        if let cast { return try await write(recording, to: machine.absolute(cast), machine) }
        let kind = display.resolved(machine)
        guard kind != .tui else {
            return try await ConsoleRun(wiring: Wiring(machine: machine), display: display)
                .run(.replay(name: name, events: recording.events), replaySpeed: speed)
        }
        let sink = TextSink(FileDescriptor.standardOutput)
        var reporter: any Reporter =
            switch kind {
            case .json: JSONReporter(to: sink)
            case .github: WorkflowReporter(to: sink)
            case .quiet: QuietReporter(to: sink)
            case .auto, .tui, .plain: PlainReporter(to: PlainOutput(display, machine).output)
            }
        recording.events.forEach { reporter.handle($0) }
    }

    private var name: String { FilePath(file).lastComponent?.string ?? file }

    private func write(_ recording: Recording, to path: FilePath, _ machine: Machine) async throws {
        let settings = try ConsoleOptions(machine: machine, display: display).settings()
        let isExact = settings.themes.first { $0.name == settings.theme }?.namesExactColors ?? false
        let depth = display.chosenColor.depth(environment: machine.environment, colors: isExact ? 1 << 24 : 256)
        let run = CastRun(name: name, recording: recording, speed: speed, settings: settings, depth: depth)
        try path.replace(with: try await run.cast().bytes(), mode: [.ownerReadWrite, .groupRead, .otherRead])
    }
}
