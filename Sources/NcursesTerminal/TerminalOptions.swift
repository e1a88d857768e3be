import TerminalUI

/// What the user wants of the terminal, and the environment that it is found in.
public struct TerminalOptions: Sendable {
    /// Which glyphs are drawn.
    public enum Glyphs: String, Sendable, CaseIterable {
        /// All where the locale is UTF-8, else ASCII.
        case auto
        /// ASCII alone.
        case ascii
    }

    /// The environment: TERM, NO_COLOR, SSH_TTY, ESCDELAY.
    public var environment: [String: String]
    /// How many colours.
    public var color: ColorChoice
    /// Which glyphs.
    public var glyphs: Glyphs
    /// Whether the mouse may be the program's at all.
    public var allowsMouse: Bool
    /// How long a program that is told to end (SIGTERM, SIGINT) may take before it is ended.
    public var terminationGrace: Duration

    /// Options with their defaults.
    public init(
        environment: [String: String], color: ColorChoice = .auto, glyphs: Glyphs = .auto, allowsMouse: Bool = true,
        terminationGrace: Duration = .seconds(10)
    ) {
        self.environment = environment
        self.color = color
        self.glyphs = glyphs
        self.allowsMouse = allowsMouse
        self.terminationGrace = terminationGrace
    }

    /// How long to wait for what follows an ESC: `ESCDELAY` in milliseconds, 100 over ssh, else 25.
    var escapeDelay: Duration {
        if let text = environment["ESCDELAY"], let delay = Int(text), (1...5000).contains(delay) {
            return .milliseconds(delay)
        }
        return environment["SSH_TTY"] == nil ? .milliseconds(25) : .milliseconds(100)
    }
}
