import TerminalUI

/// What the user wants of the terminal, and the environment that it is found in.
package struct TerminalOptions: Sendable {
    package enum Glyphs: String, Sendable, CaseIterable {
        /// All where the locale is UTF-8, else ASCII.
        case auto
        case ascii
    }

    /// The environment: TERM, COLORTERM, NO_COLOR, SSH_TTY, ESCDELAY.
    package var environment: [String: String]
    package var color: ColorChoice
    /// Whether colours by their parts (24 bit) are worth having: the theme names some.
    ///
    /// They are used where COLORTERM is `truecolor` or `24bit` and the machine has a description of such a terminal; the
    /// user's own bright colours cannot be named there.
    package var wantsExactColors: Bool
    package var glyphs: Glyphs
    /// Whether the mouse may be the program's at all.
    package var allowsMouse: Bool
    /// How long a program that is told to end (SIGTERM, SIGINT) may take before it is ended.
    package var terminationGrace: Duration
    /// Called before the process stops (Ctrl-Z, SIGTSTP), on the screen's thread; what else is to stand still stops here.
    package var willStop: @Sendable () -> Void
    /// Called when the process goes on (`fg`).
    package var didContinue: @Sendable () -> Void

    package init(
        environment: [String: String], color: ColorChoice = .auto, wantsExactColors: Bool = false,
        glyphs: Glyphs = .auto, allowsMouse: Bool = true, terminationGrace: Duration = .seconds(10),
        willStop: @escaping @Sendable () -> Void = {}, didContinue: @escaping @Sendable () -> Void = {}
    ) {
        self.environment = environment
        self.color = color
        self.wantsExactColors = wantsExactColors
        self.glyphs = glyphs
        self.allowsMouse = allowsMouse
        self.terminationGrace = terminationGrace
        self.willStop = willStop
        self.didContinue = didContinue
    }

    /// Whether to ask for a description of the terminal with every colour.
    var showsEveryColor: Bool {
        guard wantsExactColors, color == .auto || color == .always else { return false }
        if color == .auto, !environment["NO_COLOR", default: ""].isEmpty { return false }
        return ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    }

    /// How long to wait for what follows an ESC: `ESCDELAY` in milliseconds, 100 over ssh, else 25.
    var escapeDelay: Duration {
        if let text = environment["ESCDELAY"], let delay = Int(text), (1...5000).contains(delay) {
            return .milliseconds(delay)
        }
        return environment["SSH_TTY"] == nil ? .milliseconds(25) : .milliseconds(100)
    }
}
