import Glibc
import SystemPackage

/// The bytes that an archive is read from.
package enum ArchiveInput: Sendable {
    /// In memory.
    case bytes([UInt8])
    /// In a file: all of it, or `size` bytes from `offset`.
    case file(FilePath, offset: Int64 = 0, size: Int64? = nil)
}
