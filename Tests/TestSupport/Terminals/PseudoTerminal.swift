import Glibc
import Synchronization
public import SystemPackage

/// A program on a terminal of its own, with a test at the keys.
public final class PseudoTerminal: Sendable {
    /// The process's id.
    public let id: Int32
    private let terminal: Int32
    /// When the program was started.
    public let started: ContinuousClock.Instant
    private let exit: Task<Int32, Never>
    private let state = Mutex(State())

    fileprivate struct State {
        var bytes: [UInt8] = []
        /// How many bytes had come at which times.
        var arrivals: [(count: Int, time: ContinuousClock.Instant)] = []
        /// What has been waited for and found ends here.
        var seen = 0
        var isClosed = false
    }

    /// Starts a program; its variables are the test's own, with `environment` over them (`nil` takes one away).
    /// - Throws: `Errno` when there is no terminal or the program cannot be started.
    public init(
        _ executable: FilePath, _ arguments: [String] = [], environment: [String: String?] = [:],
        workingDirectory: FilePath? = nil, columns: Int = 80, rows: Int = 24
    ) throws {
        let path: FilePath
        (terminal, path) = try openTerminal()
        // The first terminal that the leader of a new session opens becomes the one that controls it.
        var spawn = Spawn(workingDirectory: workingDirectory)
        spawn.open(path, as: 0, O_RDWR)
        spawn.duplicate(0, as: 1)
        spawn.duplicate(0, as: 2)
        var variables = mergedEnvironment(["TERM": "xterm-256color"])
        variables = environment.reduce(into: variables) { $0[$1.key] = $1.value }
        setSize(of: terminal, columns: columns, rows: rows)
        started = .now
        id = try spawn.start(executable, arguments, environment: variables)
        exit = waitForExit(of: id)
        onOwnThread { [self] in read() }
    }

    deinit { close(terminal) }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(terminal, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            // The end is an error (EIO), once no one has the other side open.
            guard count > 0 else { break }
            let now = ContinuousClock.now
            state.withLock {
                $0.bytes += buffer.prefix(count)
                $0.arrivals.append(($0.bytes.count, now))
            }
        }
        state.withLock { $0.isClosed = true }
    }

    /// Presses keys: the bytes as a terminal sends them, such as `\r` for Enter and `\u{3}` for Ctrl-C.
    public func send(_ keys: String) {
        var keys = keys
        keys.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = write(terminal, base, rest.count)
                if count <= 0 { break }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }

    /// Waits until the program has written a text, after what earlier calls waited for.
    ///
    /// Escape sequences are taken out first. What is typed is echoed by most programs: wait for what only the answer has.
    /// - Throws: `TestSupportError` with what it did write.
    public func wait(for text: String, within deadline: Duration = .seconds(20)) async throws {
        try await eventually("\"\(text)\" on the terminal, which shows:\n\(plainText)", within: deadline) {
            let (found, isClosed) = state.withLock { state in (state.find(text), state.isClosed) }
            if !found, isClosed, !state.withLock({ $0.find(text) }) {
                throw TestSupportError("the program ended without \"\(text)\":\n\(plainText)")
            }
            return found
        }
    }

    /// How many bytes it has written so far.
    public var written: Int { state.withLock { $0.bytes.count } }

    /// When a text, escape sequences and all, had been written whole, after so many bytes; `nil` before that.
    public func arrival(of text: String, after offset: Int = 0) -> ContinuousClock.Instant? {
        state.withLock { $0.arrival(of: Array(text.utf8), after: offset) }
    }

    /// All that it wrote, escape sequences too.
    public var output: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    /// All that it wrote, without escape sequences.
    public var plainText: String { plainTerminalText(output) }

    /// Changes the terminal's size; the program gets SIGWINCH.
    public func resize(columns: Int, rows: Int) { setSize(of: terminal, columns: columns, rows: rows) }

    /// The terminal's settings, as `stty -g` prints them: the same before and after a program that leaves it as it was.
    public func settings() throws -> String {
        var values = termios()
        guard tcgetattr(terminal, &values) == 0 else { throw Errno(rawValue: errno) }
        return "\(values.c_iflag):\(values.c_oflag):\(values.c_cflag):\(values.c_lflag)"
    }

    /// Sends a signal to the program alone.
    public func send(signal: Int32) { kill(id, signal) }

    /// Kills the whole group, for a `defer`; nothing happens where it has ended.
    public func endNow() {
        if !state.withLock({ $0.isClosed }) { kill(-id, SIGKILL) }
    }

    /// Waits for the end; after `deadline` the whole group is killed.
    /// - Throws: `TestSupportError` with what it wrote, when the deadline passed.
    public func end(within deadline: Duration = .seconds(60)) async throws -> ProgramEnd {
        let timer = Task { [id] in
            try await Task.sleep(for: deadline)
            kill(-id, SIGKILL)
            return true
        }
        let rawStatus = await exit.value
        timer.cancel()
        let isLate = (try? await timer.value) ?? false
        // Its last words may still lie in the terminal; what it left in the background may hold that open for long.
        try? await eventually("the terminal's end", within: .seconds(1)) { state.withLock { $0.isClosed } }
        let end = ProgramEnd(rawStatus: rawStatus, output: plainText, errorOutput: "", since: started)
        if isLate { throw TestSupportError("not done within \(deadline): \(end)") }
        return end
    }
}

extension PseudoTerminal.State {
    fileprivate func arrival(of text: [UInt8], after offset: Int) -> ContinuousClock.Instant? {
        guard let first = text.first, bytes.count - text.count >= offset else { return nil }
        for start in offset...(bytes.count - text.count) where bytes[start] == first {
            guard bytes[start...].starts(with: text) else { continue }
            return arrivals.first { $0.count >= start + text.count }?.time
        }
        return nil
    }

    /// Whether the text is there after what was found before; then that is moved behind it.
    fileprivate mutating func find(_ text: String) -> Bool {
        let plain = Array(plainTerminalText(String(decoding: bytes, as: UTF8.self)).utf8)
        let wanted = Array(text.utf8)
        guard wanted.count <= plain.count - min(seen, plain.count) else { return false }
        for start in seen...(plain.count - wanted.count) where plain[start...].starts(with: wanted) {
            seen = start + wanted.count
            return true
        }
        return false
    }
}

/// Opens a new terminal: the side that the test holds, and the path of the program's side.
private func openTerminal() throws -> (descriptor: Int32, path: FilePath) {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    var lock: Int32 = 0
    var number: UInt32 = 0
    let unlock: UInt = 0x4004_5431  // TIOCSPTLCK, which is not imported
    let getNumber: UInt = 0x8004_5430  // TIOCGPTN
    guard ioctl(descriptor, unlock, &lock) == 0, ioctl(descriptor, getNumber, &number) == 0 else {
        throw Errno(rawValue: errno)
    }
    return (descriptor, FilePath("/dev/pts/\(number)"))
}

private func setSize(of terminal: Int32, columns: Int, rows: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
}
