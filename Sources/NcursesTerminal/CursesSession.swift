import CNcurses
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

    /// Gives the terminal back.
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
