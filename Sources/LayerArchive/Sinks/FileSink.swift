import Diagnostics
import Files
import Glibc
import SystemPackage

package final class FileSink: ByteSink {
    private let descriptor: FileDescriptor
    private let name: String
    private let ownsDescriptor: Bool

    /// Writes to an open file, which stays open.
    package init(descriptor: FileDescriptor, name: String) {
        self.descriptor = descriptor
        self.name = name
        ownsDescriptor = false
    }

    /// Makes a new file, readable by its owner alone unless `mode` says otherwise, and closes it at the end.
    /// - Throws: `Failure` when it cannot be made or is there already.
    package convenience init(creating path: FilePath, mode: FilePermissions = [.ownerReadWrite]) throws(Failure) {
        try self.init(open(path.nameBytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode.rawValue), path)
    }

    /// Writes to a file that is there, in place of what is in it, and closes it at the end.
    /// - Throws: `Failure` when it cannot be written.
    package convenience init(replacing path: FilePath) throws(Failure) {
        try self.init(open(path.nameBytes, O_WRONLY | O_TRUNC | O_CLOEXEC), path)
    }

    private init(_ number: Int32, _ path: FilePath) throws(Failure) {
        guard number >= 0 else { throw .system(.unwritable, path.string) }
        descriptor = FileDescriptor(rawValue: number)
        name = path.string
        ownsDescriptor = true
    }

    deinit { if ownsDescriptor { _ = Glibc.close(descriptor.rawValue) } }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(descriptor.rawValue, rest.baseAddress, rest.count)
            if written < 0 {
                guard errno == EINTR else { throw .system(.unwritable, name) }
                continue
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Does nothing: every write has gone to the file already.
    package func finish() throws(Failure) {}

    /// Waits until the bytes are on the disk.
    package func synchronize() throws(Failure) {
        guard fdatasync(descriptor.rawValue) == 0 else { throw .system(.unwritable, name) }
    }
}
