import Files
import SystemPackage

/// Where the bytes of a blob are.
package enum BlobContent: Sendable, Hashable {
    /// In memory.
    case bytes([UInt8])
    /// In a file: all of it, or a part of it where the file is an archive.
    case file(FilePath, offset: Int64, size: Int64)

    /// The size in bytes.
    package var size: Int64 {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, _, let size): size
        }
    }
}
