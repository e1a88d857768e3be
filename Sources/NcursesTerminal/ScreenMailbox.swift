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
    /// The end that the thread reads.
    let wakeRead: Int32
    /// The end that handlers write.
    let wakeWrite: Int32

    /// A mailbox.
    ///
    /// Throws: ``Failure`` when the system has no pipe left.
    init() throws(Failure) {
        var ends: [Int32] = [-1, -1]
        let status = cterminal_pipe(&ends, 1)
        guard status == 0 else { throw Failure(.noTerminal, "cannot make a pipe (error \(status))") }
        wakeRead = ends[0]
        wakeWrite = ends[1]
    }

    deinit {
        close(wakeRead)
        close(wakeWrite)
    }

    /// Leaves a frame; one that was not drawn yet is forgotten.
    func put(_ frame: Frame) {
        let mustWake = state.withLock { state in
            let isFirst = state.frame == nil
            state.frame = frame
            return isFirst
        }
        if mustWake { wake() }
    }

    /// Leaves a command.
    func put(_ command: ScreenCommand) {
        state.withLock { $0.commands.append(command) }
        wake()
    }

    /// Whether nothing waits.
    var isEmpty: Bool { state.withLock { $0.frame == nil && $0.commands.isEmpty } }

    /// Takes all that is there.
    func take() -> (frame: Frame?, commands: [ScreenCommand]) {
        state.withLock { state in
            defer { state = State() }
            return (state.frame, state.commands)
        }
    }

    /// Takes the bytes from the pipe.
    func drain() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(wakeRead, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    private func wake() {
        _ = write(wakeWrite, "!", 1)
    }
}
