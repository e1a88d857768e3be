import CTerminal
import Diagnostics
import Glibc
import TerminalUI

/// Tells one thread that another is done, with a limit to the waiting.
final class DonePipe: Sendable {
    private let ends: [Int32]

    /// A pipe nobody has signalled yet.
    ///
    /// Throws: ``Failure`` when the system has no pipe left.
    init() throws(Failure) {
        var ends: [Int32] = [-1, -1]
        let status = cterminal_pipe(&ends, 1)
        guard status == 0 else { throw Failure(.noTerminal, "cannot make a pipe (error \(status))") }
        self.ends = ends
    }

    deinit {
        for end in ends { close(end) }
    }

    /// Says that it is done.
    func signal() {
        _ = write(ends[1], "!", 1)
    }

    /// Waits for it; false if it took longer.
    func wait(milliseconds: Int32) -> Bool {
        var wait = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&wait, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}
