import Diagnostics
import Files
import Glibc
import HTTP
import Synchronization
import SystemPackage

/// Starts a program whose standard input and output are a connected socket, which stays the caller's to close.
///
/// What comes back tells what the program said on its error output; it waits a moment for that.
package typealias EngineDialer =
    @Sendable (_ words: [String], _ socket: Int32) throws(Failure) -> @Sendable () -> String?

/// A socket of this process at which each connection is answered by a program of its own, such as ssh.
///
/// libcurl connects to sockets only. Nobody else can: the socket has lost its name before anybody could know it.
final class EngineTunnel: Sendable {
    /// Where to connect.
    let path: FilePath
    private let listener: Int32
    private let handle: Int32
    private let complain = Mutex<(@Sendable () -> String?)?>(nil)

    /// `O_PATH`, which glibc's header shows to GNU programs alone.
    private static let pathOnly: Int32 = 0o10_000_000

    /// Opens the socket.
    init(_ words: [String], dial: @escaping EngineDialer) throws(Failure) {
        (listener, handle) = try Self.listen()
        path = FilePath("/proc/self/fd/\(handle)")
        let serving = WorkThread { [listener, weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard connection >= 0 else { break }
                self?.serve(connection, words, dial)
                _ = close(connection)
            }
            _ = close(listener)
        }
        guard let serving else { throw Failure(.transport, "the system has no thread left for a connection over ssh") }
        serving.detach()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = close(handle)
    }

    /// What the last program said, where it said something.
    var complaint: String? { complain.withLock { $0 }?() }

    private func serve(_ connection: Int32, _ words: [String], _ dial: EngineDialer) {
        do throws(Failure) {
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            let said = try dial(words, connection)
            complain.withLock { $0 = said }
        } catch {
            complain.withLock { $0 = { error.message } }
        }
    }

    private static func listen() throws(Failure) -> (listener: Int32, handle: Int32) {
        var template = Array("/tmp/mixpack-tunnel-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system(.unwritable, "/tmp") }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { rmdir(folder) }
        let file = folder + "/socket"
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: file.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        defer { unlink(file) }
        let handle = open(file, pathOnly | O_CLOEXEC)
        guard status == 0, handle >= 0, Glibc.listen(listener, 8) == 0 else {
            throw .system(.unwritable, file)
        }
        return (listener, handle)
    }
}
