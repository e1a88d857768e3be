import CTerminal
import Glibc

/// Standard output and error while the screen is ours: whatever is written to them goes to memory, and is shown at the end.
struct StandardStreams: Sendable {
    /// The file in memory; -1 if there is none.
    let stray: Int32
    private let saved: [(stream: Int32, copy: Int32)]

    /// Where errors went before; -1 if they never went to a terminal.
    var errors: Int32 { saved.first { $0.stream == STDERR_FILENO }?.copy ?? -1 }

    /// Remembers the streams that are terminals; see ``divert()``.
    init() {
        stray = cterminal_memory_file()
        saved = [STDOUT_FILENO, STDERR_FILENO].filter { isatty($0) == 1 }.map { ($0, fcntl($0, F_DUPFD_CLOEXEC, 10)) }
    }

    /// Keeps what is written off the screen.
    func divert() {
        fflush(nil)
        guard stray >= 0 else { return }
        for entry in saved { dup2(stray, entry.stream) }
    }

    /// Lets the streams lead to the terminal again.
    func restore() {
        fflush(nil)
        for entry in saved where entry.copy >= 0 { dup2(entry.copy, entry.stream) }
    }

    /// Writes to standard error what was kept off the screen, the last 64 KB of it, and closes all.
    func finish() {
        restore()
        let end = lseek(stray, 0, SEEK_END)
        var start = max(0, end - 65536)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while start < end {
            let count = pread(stray, &buffer, buffer.count, start)
            guard count > 0 else { break }
            _ = write(STDERR_FILENO, buffer, count)
            start += count
        }
        for entry in saved where entry.copy >= 0 { close(entry.copy) }
        if stray >= 0 { close(stray) }
    }
}
