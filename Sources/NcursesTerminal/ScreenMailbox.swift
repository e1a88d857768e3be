import CTerminal
import Diagnostics
import Glibc
import Synchronization
import TerminalUI

/// What waits for the screen's thread, and the pipe that wakes it; signal handlers write to the same pipe.
final class ScreenMailbox: Sendable {
    private struct State {
        var frame: Frame?
        var commands: [ScreenCommand] = []
    }

    private let state = Mutex(State())
    /// Wakes the thread: its own commands do, and signal handlers, which write a byte that says what came.
    let pipe: WakePipe

    /// Throws: ``Failure`` when the system has no pipe left.
    init() throws(Failure) {
        pipe = try WakePipe()
    }

    /// Leaves a frame; one that was not drawn yet is forgotten.
    func put(_ frame: Frame) {
        let mustWake = state.withLock { state in
            let isFirst = state.frame == nil
            state.frame = frame
            return isFirst
        }
        if mustWake { pipe.signal() }
    }

    func put(_ command: ScreenCommand) {
        state.withLock { $0.commands.append(command) }
        pipe.signal()
    }

    var isEmpty: Bool { state.withLock { $0.frame == nil && $0.commands.isEmpty } }

    func take() -> (frame: Frame?, commands: [ScreenCommand]) {
        state.withLock { state in
            defer { state = State() }
            return (state.frame, state.commands)
        }
    }

    func drain() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(pipe.readEnd, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }
}

/// What other threads ask of the screen's thread.
enum ScreenCommand: Sendable {
    case redraw
    case stop
    case bell
    case notify(String)
    case clipboard(String)
    case suspend(CheckedContinuation<Void, Never>)
    case resume(CheckedContinuation<Void, Never>)
    case finish
}

/// A pipe by which one thread wakes another.
final class WakePipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    /// Throws: ``Failure`` when the system has no pipe left.
    init() throws(Failure) {
        var ends: [Int32] = [-1, -1]
        let status = cterminal_pipe(&ends, 1)
        guard status == 0 else { throw Failure(.noTerminal, "cannot make a pipe (error \(status))") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func signal() {
        _ = write(writeEnd, "!", 1)
    }

    /// Waits for a signal; false if it took longer.
    func wait(milliseconds: Int32) -> Bool {
        var wait = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&wait, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}
