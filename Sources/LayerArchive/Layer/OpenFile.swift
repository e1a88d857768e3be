import Diagnostics
import Glibc
import SystemPackage

/// A file open for reading, with what the system knows of it; closed when it goes.
struct OpenFile: ~Copyable {
    let descriptor: FileDescriptor
    let size: Int64
    let mode: UInt16

    /// Opens a file; links are followed.
    init(reading path: String) throws(Failure) {
        try self.init(number: open(path, O_RDONLY | O_CLOEXEC), name: path)
    }

    /// Opens a file of an open folder, no link.
    init(at directory: Int32, name: [CChar], shown: String) throws(Failure) {
        let number = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        try self.init(number: number, name: shown)
    }

    private init(number: Int32, name: String) throws(Failure) {
        guard number >= 0 else { throw .system(.unreadable, name) }
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = close(number)
            throw Failure(.unreadable, "\(name) is no file")
        }
        descriptor = FileDescriptor(rawValue: number)
        size = Int64(status.st_size)
        mode = UInt16(status.st_mode & 0o7777)
    }

    deinit { _ = close(descriptor.rawValue) }
}
