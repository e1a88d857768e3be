import BuildpackAPI
import Glibc
import SystemPackage

/// What tells a file's content from another one's without reading it.
struct FileStamp: Equatable {
    /// The size in bytes.
    var size: Int64
    /// The time of the last change, in nanoseconds.
    var modified: Int64
    /// The permission bits.
    var mode: UInt32

    init(_ status: stat) {
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        mode = status.st_mode & 0o7777
    }

    init(size: Int64, modified: Int64, mode: UInt32) {
        self.size = size
        self.modified = modified
        self.mode = mode
    }

    /// The stamp of a regular file; `nil` for anything else.
    init?(ofFile path: FilePath) {
        guard let status = FileStatus.ofLink(path), status.isFile else { return nil }
        self.init(status)
    }
}

extension SourceEntry {
    /// The stamp of what the entry's content comes from.
    var stamp: FileStamp { FileStamp(status) }
}
