import Diagnostics
import Glibc
import SystemPackage

extension FilePath {
    /// Waits until the file's content is on the disk.
    /// - Throws: `Failure` of code `unwritable`.
    package func synchronize() throws(Failure) {
        let descriptor = open(string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.unwritable, string) }
        defer { _ = close(descriptor) }
        guard fdatasync(descriptor) == 0 else { throw .system(.unwritable, string) }
    }
}
