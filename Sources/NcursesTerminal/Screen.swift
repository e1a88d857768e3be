import CNcurses
import CTerminal
import Glibc
import TerminalUI

/// ncurses, and the terminal's modes, for one run of a program.
///
/// Unchecked, because it is made on the thread that starts the program and then belongs to the screen's thread alone.
final class Screen: @unchecked Sendable {
    let files: TerminalFiles
    private let streams: StandardStreams
    private let screen: OpaquePointer
    private let hasTitle: Bool
    private let allowsMouse: Bool
    private var painter: Painter
    private var modes = ScreenModes()
    private var frame: Frame?
    private(set) var isActive = false
    /// The size as last read.
    private(set) var size: Size

    /// Takes over the terminal.
    ///
    /// Throws: ``TerminalError``, with everything as it was, if there is none or it is not known.
    init(options: TerminalOptions, wake: Int32) throws(TerminalError) {
        let names = try TerminalName.candidates(options.environment["TERM"])
        let files = try TerminalFiles.open()
        let isUTF8 = TerminalLocale.set()
        let streams = StandardStreams()
        let status = cterminal_guard(
            files.output, wake, streams.stray, streams.errors, ScreenModes.reset, ScreenModes.reset.utf8.count)
        guard status == 0, let screen = Screen.open(names, files) else {
            cterminal_unguard()
            streams.finish()
            files.close()
            throw TerminalError(
                .unknownTerminal, "no description of the terminal \(names[0]) on this machine",
                advice: "try TERM=xterm-256color, or install ncurses-term")
        }
        self.files = files
        self.streams = streams
        self.screen = screen
        allowsMouse = options.allowsMouse
        hasTitle = cncurses_flag("XT") == 1
        size = Screen.size(of: files.output) ?? Size(width: 80, height: 24)
        painter = Painter(
            depth: Screen.startColors(options),
            isASCII: !isUTF8 || options.glyphs == .ascii || names[0].hasPrefix("linux"))
        enter()
    }

    private static func open(_ names: [String], _ files: TerminalFiles) -> OpaquePointer? {
        guard let output = fdopen(dup(files.output), "w"), let input = fdopen(dup(files.input), "r") else { return nil }
        // The size is read by us: exported LINES and COLUMNS would freeze it.
        use_env(false)
        use_tioctl(true)
        for name in names {
            if let screen = newterm(name, output, input) { return screen }
        }
        fclose(output)
        fclose(input)
        return nil
    }

    private static func startColors(_ options: TerminalOptions) -> ColorDepth {
        start_color()
        use_default_colors()
        return options.color.depth(environment: options.environment, colors: has_colors() ? Int(cncurses_colors()) : 0)
    }

    static func size(of file: Int32) -> Size? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard cterminal_size(file, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
        return Size(width: Int(columns), height: Int(rows))
    }

    /// Switches the terminal to the program's modes.
    private func enter() {
        streams.divert()
        cterminal_set_active(1)
        raw()
        noecho()
        nonl()
        keypad(cncurses_screen(), true)
        typeahead(-1)
        curs_set(0)
        if hasTitle { files.write(ScreenModes.saveTitle) }
        files.write(ScreenModes.enter)
        modes = ScreenModes()
        isActive = true
    }

    /// Gives the terminal to other programs.
    func leave() {
        guard isActive else { return }
        isActive = false
        files.write(ScreenModes().changes(from: modes, hasTitle: false) + ScreenModes.leave)
        if hasTitle { files.write(ScreenModes.restoreTitle) }
        endwin()
        cterminal_set_active(0)
        streams.restore()
    }

    /// Takes the terminal back and draws the last frame.
    func reenter() {
        guard !isActive else { return }
        reset_prog_mode()
        enter()
        readSize()
        redraw()
    }

    /// Reads the size anew; gives whether it is another.
    @discardableResult
    func readSize() -> Bool {
        guard let new = Screen.size(of: files.output) else { return false }
        let isOther = new != size
        size = new
        resizeterm(Int32(new.height), Int32(new.width))
        if isOther { painter.forget() }
        return isOther
    }

    /// Draws everything again, whatever is on the screen.
    func redraw() {
        painter.forget()
        clearok(cncurses_shown(), true)
        if let frame { show(frame) }
    }

    /// Shows a frame, or keeps it for later while the terminal is lent.
    func show(_ frame: Frame) {
        self.frame = frame
        guard isActive else { return }
        painter.paint(frame.canvas, theme: frame.theme, screen: size)
        if let cursor = frame.cursor, Rect(size: size).contains(cursor) {
            wmove(cncurses_screen(), Int32(cursor.y), Int32(cursor.x))
            curs_set(1)
        } else {
            curs_set(0)
        }
        wnoutrefresh(cncurses_screen())
        doupdate()
        change(to: frame)
    }

    private func change(to frame: Frame) {
        let wanted = ScreenModes(
            wantsMouse: frame.wantsMouse && allowsMouse, wantsPaste: frame.wantsPaste, title: frame.title)
        guard wanted != modes else { return }
        files.write(wanted.changes(from: modes, hasTitle: hasTitle))
        modes = wanted
    }

    /// Gives the terminal back for good.
    func close() {
        leave()
        cterminal_unguard()
        streams.finish()
        delscreen(screen)
        files.close()
    }
}
