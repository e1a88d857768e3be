import CNcurses
import Diagnostics
import Glibc
import TerminalUI

/// ncurses' own idea of the terminal, made anew each time the terminal is taken.
///
/// Coming back to the old one would reset the terminal's palette, which is the user's.
final class CursesSession {
    private let names: [String]
    private let output: UnsafeMutablePointer<FILE>?
    private let input: UnsafeMutablePointer<FILE>?
    private var screen: OpaquePointer?

    /// A session that is not open yet; the first of `names` that has a description is used.
    init(names: [String], files: TerminalFiles) {
        self.names = names
        output = fdopen(fcntl(files.output, F_DUPFD_CLOEXEC, 10), "w")
        input = fdopen(fcntl(files.input, F_DUPFD_CLOEXEC, 10), "r")
    }

    /// Whether the terminal has a title to set.
    var hasTitle: Bool { screen != nil && cncurses_flag("XT") == 1 }

    /// Takes the terminal; false if it has no description.
    func open() -> Bool {
        guard let output, let input else { return false }
        // The size is read by us: exported LINES and COLUMNS would freeze it.
        use_env(false)
        use_tioctl(true)
        for name in names where screen == nil { screen = newterm(name, output, input) }
        guard screen != nil else { return false }
        raw()
        noecho()
        nonl()
        keypad(cncurses_screen(), true)
        typeahead(-1)
        curs_set(0)
        return true
    }

    /// Switches colours on, and gives how many are to be used.
    func startColors(_ options: TerminalOptions) -> ColorDepth {
        start_color()
        use_default_colors()
        return options.color.depth(environment: options.environment, colors: has_colors() ? Int(cncurses_colors()) : 0)
    }

    func close() {
        guard let screen else { return }
        endwin()
        delscreen(screen)
        self.screen = nil
    }

    /// Closes what ncurses wrote to; for the end.
    func finish() {
        close()
        if let output { fclose(output) }
        if let input { fclose(input) }
    }
}

/// The locale that text is written to the terminal in.
enum TerminalLocale {
    /// Sets the process' character set by the environment, and gives whether it is UTF-8.
    ///
    /// Without a locale (`C`, `POSIX`, or one that is not installed) the terminal is taken to be UTF-8, as nearly all are;
    /// a locale of another character set is believed.
    static func set() -> Bool {
        if setlocale(LC_CTYPE, "") != nil, !isPlainC { return isUTF8 }
        for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil { return true }
        return false
    }

    private static var codeset: String { String(cString: nl_langinfo(Int32(CODESET))).uppercased() }
    private static var isPlainC: Bool { codeset == "ANSI_X3.4-1968" || codeset == "US-ASCII" }
    private static var isUTF8: Bool { codeset == "UTF-8" || codeset == "UTF8" }
}

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
