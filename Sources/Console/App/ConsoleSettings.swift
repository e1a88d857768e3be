public import TerminalUI

/// How the console behaves, from config.toml and flags.
public struct ConsoleSettings: Sendable, Hashable {
    /// The name of the theme to begin with.
    public var theme: String
    /// The themes to choose from.
    public var themes: [Theme]
    /// Whether the mouse is the console's at the start.
    public var usesMouse: Bool
    /// Whether the mouse may ever be the console's (`--no-mouse`).
    public var allowsMouse: Bool
    /// Whether only ASCII is drawn, for locales that know no more.
    public var usesASCII: Bool
    /// Whether builds follow whenever a file is saved, from the start on.
    public var watches: Bool
    /// Keys in place of the table's, by the action's name: `"log.follow" = ["f", "F"]`.
    public var keys: [String: [String]]
    /// After how many seconds of build the terminal's bell rings at the end; `nil` never rings.
    public var bellAfter: Double?
    /// How fast recordings are played, from 0.25 to 64.
    public var replaySpeed: Double
    /// mixpack's version.
    public var version: String

    /// Creates settings; by default theme `terminal`, with the mouse, a bell after 20 seconds and the table's keys.
    public init(
        theme: String = "terminal", themes: [Theme] = [.terminal], usesMouse: Bool = true,
        allowsMouse: Bool = true, usesASCII: Bool = false, watches: Bool = false, keys: [String: [String]] = [:],
        bellAfter: Double? = 20, replaySpeed: Double = 1, version: String = ""
    ) {
        self.theme = theme
        self.themes = themes
        self.usesMouse = usesMouse
        self.allowsMouse = allowsMouse
        self.usesASCII = usesASCII
        self.watches = watches
        self.keys = keys
        self.bellAfter = bellAfter
        self.replaySpeed = replaySpeed
        self.version = version
    }
}
