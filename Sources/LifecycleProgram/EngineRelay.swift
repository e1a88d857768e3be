import Diagnostics
import Files
import Glibc
import SystemPackage

/// Leads a program that has given up root to the engine's socket, which only root can open.
///
/// It is a process of its own that stays root. Only the program that started it gets through, by the number that the kernel gives
/// of who connects: buildpacks run as the same user, and an engine would make them root.
enum EngineRelay {
    /// The first word of the process's arguments.
    static let word = "relay-engine"

    /// Starts it, while the program is root.
    /// - Parameters:
    ///   - engine: the engine's socket.
    ///   - folder: a folder of the user's; its socket goes in there.
    /// - Returns: the socket to connect to.
    /// - Throws: `Failure` if it does not start.
    static func start(to engine: FilePath, in folder: FilePath, for user: UInt32) throws(Failure) -> FilePath {
        let socket = folder.appending("engine.sock")
        let words = ["/proc/self/exe", word, engine.string, socket.string, "\(getpid())", "\(user)"]
        let pointers = words.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var id: pid_t = 0
        let status = posix_spawn(&id, words[0], nil, nil, pointers, nil)
        guard status == 0 else { throw Failure.system(.notRunnable, "the relay to \(engine)", errno: status) }
        for _ in 0..<500 where !socket.exists { usleep(10_000) }
        guard socket.exists else { throw Failure(.transport, "the relay to \(engine) does not start") }
        return socket
    }

    /// Is the process: relays until the program has ended.
    /// - Parameter words: the arguments behind `word`.
    static func run(_ words: [String]) -> Int32 {
        guard words.count == 4, let program = pid_t(words[2]), let user = uid_t(words[3]), getppid() == program else {
            return 1
        }
        guard let listener = listen(at: FilePath(words[1]), for: user) else { return 1 }
        while getppid() == program {
            var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 1000) > 0 else { continue }
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { continue }
            guard peer(of: connection) == program, let engine = connect(to: FilePath(words[0])) else {
                close(connection)
                continue
            }
            WorkThread {
                pump(connection, engine)
                close(connection)
                close(engine)
            }?.detach()
        }
        return 0
    }

    private static func listen(at path: FilePath, for user: uid_t) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        // Under another name first: what is there takes connections.
        let new = FilePath(path.string + ".new")
        let bound = withAddress(new) { bind(descriptor, $0, $1) }
        guard bound == 0, chown(new.nameBytes, user, gid_t(bitPattern: -1)) == 0, chmod(new.nameBytes, 0o600) == 0,
            Glibc.listen(descriptor, 64) == 0, rename(new.nameBytes, path.nameBytes) == 0
        else { return nil }
        return descriptor
    }

    private static func connect(to path: FilePath) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func withAddress(
        _ path: FilePath, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = path.nameBytes
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { return -1 }
        withUnsafeMutableBytes(of: &address.sun_path) { space in
            for (index, byte) in bytes.enumerated() { space[index] = UInt8(bitPattern: byte) }
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// The process at the other end.
    private static func peer(of connection: Int32) -> pid_t? {
        // pid, uid and gid: struct ucred, which is not imported.
        var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        return credentials.0
    }

    /// Hands bytes on in both directions, until both sides are done.
    private static func pump(_ one: Int32, _ other: Int32) {
        var ends = [
            pollfd(fd: one, events: Int16(POLLIN), revents: 0), pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while ends.contains(where: { $0.fd >= 0 }) {
            guard poll(&ends, nfds_t(ends.count), -1) > 0 || errno == EINTR else { return }
            for index in ends.indices where ends[index].revents != 0 {
                let target = index == 0 ? other : one
                let count = read(index == 0 ? one : other, &buffer, buffer.count)
                guard count > 0 else {
                    shutdown(target, Int32(SHUT_WR))
                    ends[index].fd = -1
                    continue
                }
                guard send(buffer.prefix(count), to: target) else { return }
            }
        }
    }

    private static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
