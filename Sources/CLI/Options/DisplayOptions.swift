import ArgumentParser

/// The options of what is shown.
struct DisplayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "auto, tui, plain, json or quiet; auto is the console on a terminal outside CI, else plain.",
            valueName: "kind"))
    var ui: InterfaceChoice = .auto

    @Option(
        help: ArgumentHelp("The console's theme: a name (terminal, dark, mono, …) or a file.", valueName: "name|file"))
    var theme: String?

    @Option(help: ArgumentHelp("Record the build's events, for mixpack replay.", valueName: "file"))
    var record: String?

    /// What is shown on this machine.
    func resolved(_ machine: Machine) -> InterfaceChoice {
        guard ui == .auto else { return ui }
        return machine.hasScreen ? .tui : .plain
    }
}
