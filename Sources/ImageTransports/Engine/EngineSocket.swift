import Glibc
import SystemPackage

/// How a socket of this machine answers when somebody knocks.
enum EngineSocket: Hashable {
    /// Somebody listens.
    case open
    /// There is no socket at the path.
    case missing
    /// The user may not use it; the group that may, where it is another than root's.
    case forbidden(group: String?)
    /// Nobody listens any more.
    case deserted
    /// Anything else, in the system's words.
    case broken(String)

    /// Knocks.
    init(at path: FilePath) {
        let knock = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard knock >= 0 else {
            self = .broken(String(cString: strerror(errno)))
            return
        }
        defer { _ = close(knock) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.string.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            self = .broken("the path is longer than a socket's may be")
            return
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(knock, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        self = status == 0 ? .open : Self(errno, path)
    }

    private init(_ error: Int32, _ path: FilePath) {
        switch error {
        case ENOENT, ENOTDIR: self = .missing
        case EACCES, EPERM: self = .forbidden(group: Self.group(of: path))
        case ECONNREFUSED: self = Self.isSocket(path) ? .deserted : .broken("it is not a socket")
        default: self = .broken(String(cString: strerror(error)).lowercased())
        }
    }

    private static func isSocket(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    private static func group(of path: FilePath) -> String? {
        var status = stat()
        guard stat(path.string, &status) == 0, status.st_gid != 0, status.st_mode & S_IWGRP != 0,
            let entry = getgrgid(status.st_gid), let name = entry.pointee.gr_name
        else { return nil }
        return String(cString: name)
    }
}
