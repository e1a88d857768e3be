import CNcurses
import CTerminal
import Glibc
import TerminalUI

/// The screen's own thread: waits for keys, signals and commands, and is the only one that calls ncurses.
struct ScreenThread {
    private let screen: Screen
    private let mailbox: ScreenMailbox
    private let options: TerminalOptions
    private let sizeChanged: @Sendable (Size) -> Void
    private let events: @Sendable (InputEvent) -> Void
    private var decoder: InputDecoder
    private var deadlines = Deadlines()
    private var isLost = false
    private var isOver = false

    /// What has to happen at a time, unless something comes before.
    private struct Deadlines {
        var escape: ContinuousClock.Instant?
        var resize: ContinuousClock.Instant?
        var end: ContinuousClock.Instant?

        var next: ContinuousClock.Instant? { [escape, resize, end].compactMap { $0 }.min() }
    }

    init(
        _ screen: Screen, _ mailbox: ScreenMailbox, options: TerminalOptions,
        sizeChanged: @escaping @Sendable (Size) -> Void, events: @escaping @Sendable (InputEvent) -> Void
    ) {
        self.screen = screen
        self.mailbox = mailbox
        self.options = options
        self.sizeChanged = sizeChanged
        self.events = events
        decoder = InputDecoder(extraKeys: KeyTable.current())
    }

    /// Runs until the terminal is given back.
    mutating func run() {
        while !isOver {
            // Stopping swallows the bytes that say so: what is there is looked at, too.
            if mailbox.isEmpty { wait() }
            meetDeadlines()
            let (frame, commands) = mailbox.take()
            for command in commands { perform(command) }
            if let frame, !isOver, !isLost { screen.show(frame) }
        }
    }

    /// Waits for the next thing, and takes it in.
    private mutating func wait() {
        let input = screen.isActive && !isLost ? screen.files.input : -1
        var files = [
            pollfd(fd: mailbox.pipe.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: input, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&files, 2, timeout) > 0 else { return }
        if files[0].revents != 0 { takeSignals(mailbox.drain()) }
        if files[1].revents != 0 { readKeys() }
    }

    /// Milliseconds to the next deadline, rounded up; -1 without one.
    private var timeout: Int32 {
        guard let next = deadlines.next else { return -1 }
        let left = (next - ContinuousClock.now) / .milliseconds(1)
        return Int32(max(0, left.rounded(.up)))
    }

    private mutating func readKeys() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(screen.files.input, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            lose()
            return
        }
        for event in decoder.feed(buffer.prefix(count)) { take(event) }
        deadlines.escape = decoder.isWaiting ? ContinuousClock.now + options.escapeDelay : nil
    }

    private func take(_ event: InputEvent) {
        if case .mouse(let mouse) = event, !Rect(size: screen.size).contains(mouse.point) { return }
        events(event)
    }

    /// The terminal is gone: nothing is read or drawn any more, or reading would spin.
    private mutating func lose() {
        guard !isLost else { return }
        isLost = true
        events(.hangup)
    }

    private mutating func takeSignals(_ bytes: [UInt8]) {
        for byte in Set(bytes) {
            switch Int(byte) {
            case CTERMINAL_RESIZED where deadlines.resize == nil:
                deadlines.resize = ContinuousClock.now + .milliseconds(30)
            case CTERMINAL_STOP: stop()
            case CTERMINAL_CONTINUED: comeBack()
            case CTERMINAL_HANGUP: lose()
            case CTERMINAL_TERMINATE:
                deadlines.end = ContinuousClock.now + options.terminationGrace
                events(.terminate)
            default: break
            }
        }
    }

    private mutating func meetDeadlines() {
        let now = ContinuousClock.now
        if let time = deadlines.escape, time <= now {
            deadlines.escape = nil
            for event in decoder.flush() { take(event) }
        }
        if let time = deadlines.resize, time <= now {
            deadlines.resize = nil
            if screen.readSize() { tellSize() }
        }
        if let time = deadlines.end, time <= now {
            screen.close()
            cterminal_raise(cterminal_ending_signal())
        }
    }

    private func tellSize() {
        sizeChanged(screen.size)
        events(.resize(screen.size))
    }

    private mutating func perform(_ command: ScreenCommand) {
        switch command {
        case .redraw: if !isLost { screen.redraw() }
        case .stop: stop()
        case .notify(let text):
            screen.files.write(DesktopNotification(environment: options.environment).sequence(for: text))
        case .bell: screen.files.write("\u{7}")
        case .clipboard(let text): screen.files.write(Clipboard.sequence(for: text))
        case .suspend(let continuation):
            screen.leave()
            continuation.resume()
        case .resume(let continuation):
            if !isLost { reenter() }
            continuation.resume()
        case .finish:
            screen.close()
            isOver = true
        }
    }

    private mutating func reenter() {
        let old = screen.size
        guard screen.reenter() else { return lose() }
        if screen.size != old { tellSize() }
    }

    /// Stops the process group as Ctrl-Z does; comes back with `fg`.
    private mutating func stop() {
        guard screen.isActive, !isLost else { return }
        screen.leave()
        options.willStop()
        _ = cterminal_stop_group(mailbox.pipe.readEnd)
        options.didContinue()
        reenter()
        events(.resume)
    }

    /// Somebody stopped and continued us without asking (SIGSTOP): the modes may be gone.
    private mutating func comeBack() {
        guard screen.isActive, !isLost else { return }
        screen.leave()
        reenter()
        events(.resume)
    }
}

/// The escape sequences that the terminal's description gives for keys.
enum KeyTable {
    private static let capabilities: [(name: String, key: Key)] =
        [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
            ("kpp", .pageUp), ("knp", .pageDown), ("kich1", .insert), ("kdch1", .delete), ("kent", .enter),
        ] + (1...12).map { ("kf\($0)", .function($0)) }

    /// The sequences of the current terminal that begin with ESC; others are read as they are.
    static func current() -> [[UInt8]: Key] {
        var table: [[UInt8]: Key] = [:]
        for (name, key) in capabilities {
            guard let text = cncurses_capability(name) else { continue }
            let bytes = Array(String(cString: text).utf8)
            if bytes.count > 2, bytes[0] == 0x1B { table[bytes] = key }
        }
        return table
    }
}
