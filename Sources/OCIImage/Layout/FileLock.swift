import Diagnostics
import Glibc
import SystemPackage

/// A lock on a file or a folder that the system gives back when the process ends, however it ends.
struct FileLock: Sendable {
    private let descriptor: Int32

    /// Waits for the lock of something that is there.
    init(_ path: FilePath) throws(Failure) {
        try self.init(descriptor: open(path.string, O_RDONLY | O_CLOEXEC), path)
    }

    /// Waits for the lock of a file that is made where it is missing.
    init(creating path: FilePath) throws(Failure) {
        try self.init(descriptor: open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o600), path)
    }

    private init(descriptor: Int32, _ path: FilePath) throws(Failure) {
        guard descriptor >= 0 else { throw .system(.unwritable, path.string) }
        self.descriptor = descriptor
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = Failure.system(.unwritable, path.string)
                _ = close(descriptor)
                throw error
            }
        }
    }

    /// Takes the lock only if nobody has it.
    init?(ifFree path: FilePath) {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            _ = close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    /// Gives the lock back; once.
    func release() { _ = close(descriptor) }
}
