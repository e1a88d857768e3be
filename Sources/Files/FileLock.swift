import Diagnostics
import Glibc
import SystemPackage

/// A lock on a file or a folder that the system gives back when the process ends, however it ends.
///
/// A pipe in the file's place is opened without a wait.
package struct FileLock: Sendable {
    package let descriptor: FileDescriptor

    /// Waits for the lock of something that is there.
    /// - Throws: `Failure` of code `unwritable`.
    package init(_ path: FilePath) throws(Failure) {
        try self.init(waitingFor: Glibc.open(path.nameBytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK), path)
    }

    /// Waits for the lock of a file that is made where it is missing.
    /// - Throws: `Failure` of code `unwritable`.
    package init(creating path: FilePath) throws(Failure) {
        try self.init(waitingFor: Self.open(creating: path), path)
    }

    /// Takes the lock only if nobody has it.
    package init?(ifFree path: FilePath) {
        let number = Glibc.open(path.nameBytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { return nil }
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
            _ = close(number)
            return nil
        }
        descriptor = FileDescriptor(rawValue: number)
    }

    /// Waits for the lock of a file that is made where it is missing, without holding a thread.
    /// - Parameter whileWaiting: called once, before the wait, where somebody has the lock.
    /// - Throws: `Failure` of code `unwritable`, `CancellationError` when the task is cancelled meanwhile.
    package init(creating path: FilePath, whileWaiting: () -> Void) async throws {
        let number = Self.open(creating: path)
        guard number >= 0 else { throw Failure.system(.unwritable, path.string) }
        do {
            var isWaiting = false
            while flock(number, LOCK_EX | LOCK_NB) != 0 {
                guard errno == EWOULDBLOCK || errno == EINTR else { throw Failure.system(.unwritable, path.string) }
                if !isWaiting { whileWaiting() }
                isWaiting = true
                try await Task.sleep(for: .milliseconds(50))
            }
        } catch {
            _ = close(number)
            throw error
        }
        descriptor = FileDescriptor(rawValue: number)
    }

    private init(waitingFor number: Int32, _ path: FilePath) throws(Failure) {
        guard number >= 0 else { throw .system(.unwritable, path.string) }
        while flock(number, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let failure = Failure.system(.unwritable, path.string)
                _ = close(number)
                throw failure
            }
        }
        descriptor = FileDescriptor(rawValue: number)
    }

    private static func open(creating path: FilePath) -> Int32 {
        Glibc.open(path.nameBytes, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    }

    /// Gives the lock back; once.
    package func release() { _ = close(descriptor.rawValue) }
}
