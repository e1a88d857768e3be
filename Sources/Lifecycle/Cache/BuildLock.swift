import Diagnostics
import Glibc
import SystemPackage

/// The lock that lets one build of a project run at a time.
///
/// It holds while the file is open; the kernel lets go of it when the process ends, however it ends.
struct BuildLock: ~Copyable {
    private let file: FileDescriptor

    /// Takes the lock, waiting for another build where there is one.
    /// - Parameter whileWaiting: called once, with the process that holds the lock, before the wait.
    /// - Throws: `CancellationError` when the task is cancelled meanwhile, `Failure` when there can be no lock.
    static func take(at path: FilePath, whileWaiting: (_ holder: String) -> Void) async throws -> BuildLock {
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        do {
            try await acquire(file, whileWaiting)
            try endLeftovers(of: file, path)
            try write("\(getpid())\n", to: file)
        } catch {
            try? file.close()
            throw error
        }
        return BuildLock(file: file)
    }

    private init(file: FileDescriptor) { self.file = file }

    deinit {
        try? Self.write("", to: file)
        try? file.close()
    }

    private static func acquire(_ file: FileDescriptor, _ whileWaiting: (String) -> Void) async throws {
        var hasTold = false
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw Failure.system(.unwritable, "the lock of the cache")
            }
            if !hasTold {
                whileWaiting(holder(in: file))
                hasTold = true
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func holder(in file: FileDescriptor) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = (try? bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }) ?? 0
        return String(decoding: bytes.prefix(count), as: UTF8.self).filter { !$0.isNewline }
    }

    private static func write(_ text: String, to file: FileDescriptor) throws {
        guard ftruncate(file.rawValue, 0) == 0 else { throw Failure.system(.unwritable, "the lock of the cache") }
        _ = try file.writeAll(toAbsoluteOffset: 0, text.utf8)
    }

    /// Ends what a killed mixpack left running: a clean end empties the lock's file, so a name in it tells of a kill.
    private static func endLeftovers(of file: FileDescriptor, _ path: FilePath) throws {
        guard !holder(in: file).isEmpty else { return }
        LeftoverProcesses(markedBy: path).end()
    }
}
