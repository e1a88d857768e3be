import Diagnostics
import SystemPackage

/// A file that is open for writing, and closed with the last one who holds it.
final class OpenFile: Sendable {
    private let descriptor: FileDescriptor

    /// Creates the file, for its owner alone; one that is there is replaced.
    init(creating path: FilePath) throws(Failure) {
        do {
            descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        } catch {
            throw Failure(
                .unwritable, "cannot write \(path): \(error)", advice: "check the folder and its permissions")
        }
    }

    deinit { try? descriptor.close() }

    /// Writes everything; a full disk must not end the build, so a failure is dropped.
    func write(_ bytes: [UInt8]) {
        _ = try? descriptor.writeAll(bytes)
    }
}
