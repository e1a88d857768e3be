import ArgumentParser
import TerminalUI

/// The options of what is shown.
struct DisplayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "auto, tui, plain, json, quiet or github; auto is the console on a terminal outside CI.",
            valueName: "kind"))
    var ui: InterfaceChoice = .auto

    @Option(
        help: ArgumentHelp("The console's theme: a name (terminal, dark, mono, …) or a file.", valueName: "name|file"),
        completion: Candidates.themes)
    var theme: String?

    @Option(
        help: ArgumentHelp(
            "Colours of the console: auto (from the terminal and NO_COLOR), always, never, 16 or 256.",
            valueName: "when"))
    var color: ColorChoice = .auto

    @Flag(help: "No colours, as --color never and NO_COLOR; also those of commands in plain output.")
    var noColor = false

    @Flag(help: "Begin each line of plain output with the date and the time.")
    var timestamps = false

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false

    @Flag(help: "Draw the console with ASCII characters only.")
    var ascii = false

    @Flag(help: "Run the console as questions and lines, for screen readers.")
    var accessible = false

    @Option(
        help: ArgumentHelp("Record the build's events, for mixpack replay.", valueName: "file"),
        completion: .file())
    var record: String?

    @Option(
        help: ArgumentHelp("Write the build's result to a file, as JSON.", valueName: "file"),
        completion: .file())
    var report: String?

    /// The colours that were asked for: `--no-color` says more than `--color`.
    var chosenColor: ColorChoice { noColor ? .never : color }

    /// What is shown on this machine.
    func resolved(_ machine: Machine) -> InterfaceChoice {
        guard ui == .auto else { return ui }
        if machine.isWorkflow { return .github }
        if accessible { return machine.hasTerminal && !machine.isCI ? .tui : .plain }
        return machine.hasScreen ? .tui : .plain
    }
}

/// How a build shows itself.
enum InterfaceChoice: String, ExpressibleByArgument, CaseIterable {
    /// The console on a terminal outside CI, else plain lines.
    case auto
    /// The console.
    case tui
    /// One line an event.
    case plain
    /// One JSON event a line.
    case json
    /// Errors only.
    case quiet
    /// Lines, groups and annotations for GitHub Actions.
    case github
}

extension ColorChoice: ExpressibleByArgument {}
