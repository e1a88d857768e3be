import Diagnostics
import Glibc
import TerminalUI

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
            throw Failure(.noTerminal, "there is no terminal to draw on", advice: "try --ui plain")
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
