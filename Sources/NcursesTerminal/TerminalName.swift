import Diagnostics
import TerminalUI

/// Which descriptions of a terminal to try, by the value of TERM.
enum TerminalName {
    /// The names to try in turn: the terminal's own, then what it is most like; with `showsEveryColor`, first the
    /// description of the same kind of terminal that has all colours.
    ///
    /// Throws: ``Failure`` for a terminal that says it cannot move the cursor, or says nothing.
    static func candidates(_ name: String?, showsEveryColor: Bool = false) throws(Failure) -> [String] {
        guard let name, !name.isEmpty else {
            throw Failure(.noTerminal, "TERM is not set", advice: "try TERM=xterm-256color")
        }
        guard name != "dumb", name != "unknown" else {
            throw Failure(.noTerminal, "TERM is \(name): this terminal cannot move the cursor")
        }
        // A description is found by its name in a folder: nothing that could lead out of it is passed on.
        guard !name.contains("/"), !name.hasPrefix(".") else {
            throw Failure(.noTerminal, "TERM is not the name of a terminal: \(name)")
        }
        let like = likeness.first { name.hasPrefix($0.prefix) }
        let direct = showsEveryColor ? like.map { $0.prefix == "tmux" ? ["tmux-direct"] : ["xterm-direct"] } ?? [] : []
        return direct + [name] + (like?.names ?? []).filter { $0 != name }
    }

    private static let likeness: [(prefix: String, names: [String])] =
        [
            ("tmux", ["tmux-256color", "screen-256color", "screen"]), ("screen", ["screen-256color", "screen"]),
            ("linux", ["linux"]),
        ]
        + [
            "xterm", "kitty", "ghostty", "alacritty", "foot", "wezterm", "rio", "contour", "st-", "st", "konsole",
            "gnome", "vte", "iterm", "rxvt", "mintty", "putty",
        ].map { ($0, ["xterm-256color", "xterm"]) }
}
