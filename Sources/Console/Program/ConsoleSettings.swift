public import TerminalUI

/// How the console behaves, from config.toml and flags.
public struct ConsoleSettings: Sendable, Hashable {
    /// The name of the theme to begin with.
    public var theme: String
    /// The themes to choose from.
    public var themes: [Theme]
    /// Whether the mouse is the console's at the start.
    public var usesMouse: Bool
    /// Whether only ASCII is drawn, for locales that know no more.
    public var usesASCII: Bool
    /// Keys in place of the table's, by the action's name: `"log.follow" = ["f", "F"]`.
    public var keys: [String: [String]]
    /// After how many seconds of build the terminal's bell rings at the end; `nil` never rings.
    public var bellAfter: Double?
    /// mixpack's version.
    public var version: String

    /// Creates settings; by default theme `terminal`, with the mouse, a bell after 20 seconds and the table's keys.
    public init(
        theme: String = "terminal", themes: [Theme] = [.terminal], usesMouse: Bool = true, usesASCII: Bool = false,
        keys: [String: [String]] = [:],
        bellAfter: Double? = 20, version: String = ""
    ) {
        self.theme = theme
        self.themes = themes
        self.usesMouse = usesMouse
        self.usesASCII = usesASCII
        self.keys = keys
        self.bellAfter = bellAfter
        self.version = version
    }
}
