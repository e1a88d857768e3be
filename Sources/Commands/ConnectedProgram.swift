import Diagnostics
import Files
import Glibc
import Synchronization
import SystemPackage

/// A program whose standard input and output are one socket, such as `ssh` on its way to a server.
///
/// It leads a session of its own, so that it cannot ask at the terminal, and ends when the other end is closed.
package struct ConnectedProgram: Sendable {
    private let complaints = Complaints()

    /// Starts a program with the command's environment; its folder and sandbox are not looked at.
    /// - Parameter socket: one end of the connection; the program has its own, and who gave it closes it.
    /// - Throws: `Failure` of code `notRunnable`.
    package init(_ command: Command, on socket: Int32) throws(Failure) {
        let name = command.executable.string
        guard let program = ProgramLookup(searchPath: command.environment["PATH"]).find(command.executable) else {
            throw Failure(executable: name, reason: "it is not installed")
        }
        var said: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &said) == 0 else {
            throw Failure(executable: name, reason: String(cString: strerror(errno)))
        }
        let (status, id) = Self.spawn(program, command, input: socket, errors: said[1])
        _ = close(said[1])
        guard status == 0 else {
            _ = close(said[0])
            throw Failure(executable: name, reason: String(cString: strerror(status)))
        }
        complaints.listen(said[0], of: id)
    }

    /// What the program said on its error output, once it has ended; waits a second for that.
    /// - Returns: `nil` where it said nothing.
    package func complaint() -> String? {
        for _ in 0..<50 where !complaints.isComplete { usleep(20_000) }
        return complaints.text
    }

    /// `POSIX_SPAWN_SETSID`, which glibc's header shows to GNU programs alone.
    private static let newSession: Int32 = 0x80

    private static func spawn(
        _ program: FilePath, _ command: Command, input: Int32, errors: Int32
    ) -> (status: Int32, id: pid_t) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, input, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(newSession | Int32(POSIX_SPAWN_SETSIGMASK)))
        var words = ([program.string] + command.arguments).map { strdup($0) } + [nil]
        var variables = command.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var id: pid_t = 0
        let status = posix_spawn(&id, program.string, &actions, &attributes, &words, &variables)
        return (status, id)
    }
}

/// The last words of a program on its error output.
private final class Complaints: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isComplete = false
    }

    private static let limit = 4096
    private let state = Mutex(State())

    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// The lines, without those that are empty.
    var text: String? {
        let bytes = state.withLock { $0.bytes }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.trimming(while: \.isWhitespace) }.filter { !$0.isEmpty }
        return lines.isEmpty ? nil : lines.suffix(3).joined(separator: "; ")
    }

    /// Reads to the end of the output and waits for the program.
    func listen(_ descriptor: Int32, of program: pid_t) {
        WorkThread { [self] in read(descriptor, of: program) }?.detach()
    }

    private func read(_ descriptor: Int32, of program: pid_t) {
        var buffer = [UInt8](repeating: 0, count: 1024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            let part = buffer.prefix(count)
            state.withLock { $0.bytes = Array(($0.bytes + part).suffix(Self.limit)) }
        }
        _ = close(descriptor)
        while waitpid(program, nil, 0) < 0, errno == EINTR {}
        state.withLock { $0.isComplete = true }
    }
}

extension Substring {
    fileprivate func trimming(while isOut: (Character) -> Bool) -> Substring {
        let start = drop(while: isOut)
        return start.lastIndex { !isOut($0) }.map { start[...$0] } ?? ""
    }
}
