import TerminalUI

/// How the console behaves, from config.toml and flags.
package struct ConsoleSettings: Sendable, Hashable {
    /// The name of the theme to begin with.
    package var theme = "terminal"
    /// The themes to choose from.
    package var themes: [Theme] = [.terminal]
    /// Whether the mouse is the console's at the start.
    package var usesMouse = true
    /// Whether the mouse may ever be the console's (`--no-mouse`).
    package var allowsMouse = true
    /// Whether only ASCII is drawn, for locales that know no more.
    package var usesASCII = false
    /// Whether builds follow whenever a file is saved, from the start on.
    package var watches = false
    /// Keys in place of the table's, by the action's name: `"log.follow" = ["f", "F"]`.
    package var keys: [String: [String]] = [:]
    /// After how many seconds of build the terminal's bell rings at the end; `nil` never rings.
    package var bellAfter: Double? = 20
    /// How fast recordings are played, from 0.25 to 64.
    package var replaySpeed: Double = 1

    /// Creates settings with their defaults.
    package init() {}
}
