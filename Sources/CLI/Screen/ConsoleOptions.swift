import Console
import FoundationEssentials
import SystemPackage
import TerminalUI

/// The console's settings, from flags and config.toml.
struct ConsoleOptions {
    let machine: Machine
    let display: DisplayOptions

    /// The settings.
    /// - Throws: `ProgramExit` that names the file and the line of a setting that is wrong.
    func settings() throws -> ConsoleSettings {
        ConsoleSettings(theme: display.theme ?? "terminal", version: ProgramVersion.text)
    }
}
