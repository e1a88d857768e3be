import CNcurses
import CTerminal
import Diagnostics
import Glibc
import TerminalUI

/// ncurses, and the terminal's modes, for one run of a program.
///
/// Unchecked, because it is made on the thread that starts the program and then belongs to the screen's thread alone.
final class Screen: @unchecked Sendable {
    let files: TerminalFiles
    private let streams: StandardStreams
    private let options: TerminalOptions
    private let curses: CursesSession
    private let glyphs: GlyphSet
    private var painter: Painter
    private var modes = ScreenModes()
    private var frame: Frame?
    /// Whether the terminal is ours now.
    private(set) var isActive = false
    /// The size as last read.
    private(set) var size: Size

    /// Throws: ``Failure``, with everything as it was, if there is none or it is not known.
    init(options: TerminalOptions, wake: Int32) throws(Failure) {
        let name = options.environment["TERM"] ?? ""
        let names = try TerminalName.candidates(name, showsEveryColor: options.showsEveryColor)
        files = try TerminalFiles.open()
        let isUTF8 = TerminalLocale.set()
        streams = StandardStreams()
        self.options = options
        glyphs = GlyphSet(
            isUTF8: isUTF8, isLinuxConsole: name.hasPrefix("linux"), wantsASCII: options.glyphs == .ascii)
        curses = CursesSession(names: names, files: files)
        size = Screen.size(of: files.output) ?? Size(width: 80, height: 24)
        painter = Painter(depth: .mono, glyphs: glyphs)
        let reset = ScreenModes.reset
        let status = cterminal_guard(files.output, wake, streams.stray, streams.errors, reset, reset.utf8.count)
        guard status == 0, enter() else {
            cterminal_unguard()
            streams.finish()
            files.close()
            throw Failure(
                .noTerminal, "this machine has no description of the terminal \(name)",
                advice: "try TERM=xterm-256color, or install ncurses-term")
        }
    }

    static func size(of file: Int32) -> Size? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard cterminal_size(file, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
        return Size(width: Int(columns), height: Int(rows))
    }

    /// Switches the terminal to the program's modes; false if it cannot be.
    private func enter() -> Bool {
        streams.divert()
        cterminal_set_active(1)
        guard curses.open() else {
            cterminal_set_active(0)
            streams.restore()
            return false
        }
        painter = Painter(depth: curses.startColors(options), glyphs: glyphs)
        if curses.hasTitle {
            files.write(ScreenModes.saveTitle)
            cterminal_set_titled(1)
        }
        files.write(ScreenModes.enter)
        modes = ScreenModes()
        isActive = true
        return true
    }

    /// Gives the terminal to other programs.
    func leave() {
        guard isActive else { return }
        isActive = false
        files.write(ScreenModes().changes(from: modes, hasTitle: false) + ScreenModes.leave)
        if curses.hasTitle {
            cterminal_set_titled(0)
            files.write(ScreenModes.restoreTitle)
        }
        curses.close()
        cterminal_set_active(0)
        streams.restore()
    }

    /// Takes the terminal back and draws the last frame; false if it is gone.
    func reenter() -> Bool {
        guard !isActive else { return true }
        guard enter() else { return false }
        readSize()
        redraw()
        return true
    }

    /// Reads the size anew; gives whether it is another.
    @discardableResult
    func readSize() -> Bool {
        guard let new = Screen.size(of: files.output) else { return false }
        let isOther = new != size
        size = new
        if isActive { resizeterm(Int32(new.height), Int32(new.width)) }
        if isOther { painter.forget() }
        return isOther
    }

    /// Draws everything again, whatever is on the screen.
    func redraw() {
        guard isActive else { return }
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
            wantsMouse: frame.wantsMouse && options.allowsMouse, wantsPaste: frame.wantsPaste, title: frame.title)
        guard wanted != modes else { return }
        files.write(wanted.changes(from: modes, hasTitle: curses.hasTitle))
        modes = wanted
    }

    /// Gives the terminal back for good.
    func close() {
        leave()
        cterminal_unguard()
        streams.finish()
        curses.finish()
        files.close()
    }
}

/// The terminal's descriptors, kept apart from the standard streams so that nothing else writes to the screen.
struct TerminalFiles: Sendable {
    /// Where keys come from.
    let input: Int32
    /// Where the screen is drawn.
    let output: Int32

    /// Standard input and output where they are terminals, /dev/tty where one is not.
    ///
    /// Throws: ``Failure`` if there is no terminal.
    static func open() throws(Failure) -> TerminalFiles {
        let input = try descriptor(STDIN_FILENO)
        do {
            return TerminalFiles(input: input, output: try descriptor(STDOUT_FILENO))
        } catch {
            Glibc.close(input)
            throw error
        }
    }

    private static func descriptor(_ standard: Int32) throws(Failure) -> Int32 {
        let file =
            isatty(standard) == 1
            ? fcntl(standard, F_DUPFD_CLOEXEC, 10) : Glibc.open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard file >= 0, isatty(file) == 1 else {
            if file >= 0 { Glibc.close(file) }
            throw Failure(.noTerminal, "no terminal to draw on", advice: "try --ui plain")
        }
        return file
    }

    /// Gives the descriptors back to the system.
    func close() {
        Glibc.close(input)
        Glibc.close(output)
    }

    /// Writes all bytes to the screen, past ncurses; a lost terminal is noticed elsewhere.
    func write(_ text: String) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { Glibc.write(output, $0 + written, bytes.count - written) } ?? -1
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            written += count
        }
    }
}
