import ArgumentParser
import Console
import Diagnostics
import FoundationEssentials
import Reports
import SystemPackage

/// `mixpack replay FILE`: a recorded build, in the console or as lines.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Shows a recorded build (mixpack build --record FILE).")

    @Argument(help: ArgumentHelp("The recording.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The speed of the replay in the console, from 0.25 to 64.", valueName: "times"))
    var speed = 1.0

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
        let kind = display.resolved(machine)
        guard kind != .tui else {
            let name = FilePath(file).lastComponent?.string ?? file
            return try await ConsoleRun(wiring: Wiring(machine: machine), display: display)
                .run(.replay(name: name, events: recording.events), replaySpeed: speed)
        }
        let sink = TextSink(FileDescriptor.standardOutput)
        var reporter: any Reporter = kind == .json ? JSONReporter(to: sink) : PlainReporter(to: sink)
        recording.events.forEach { reporter.handle($0) }
    }
}
