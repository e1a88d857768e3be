import Glibc
import SystemPackage

/// What tells a file's content from another one's without reading it.
package struct FileStamp: Sendable, Hashable {
    package var size: Int64
    /// The time of the last change, in nanoseconds.
    package var modified: Int64
    /// The time of the last change of its content or its properties, which programs cannot set, in nanoseconds.
    package var changed: Int64
    /// The kind and the permissions, as `st_mode` has them.
    package var mode: UInt32
    /// The number that the file system gives it.
    package var inode: UInt64

    package var kind: FileKind { FileKind(mode) }
    package var permissions: UInt32 { mode & 0o7777 }

    package init(_ status: stat) {
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
        mode = status.st_mode
        inode = UInt64(status.st_ino)
    }

    /// The stamp of what stands at a path, of the link itself where it is one; `nil` where nothing is.
    package init?(of path: FilePath) { self.init(path, AT_SYMLINK_NOFOLLOW) }

    /// The stamp of what a path leads to, links followed; `nil` where that is nothing.
    package init?(behind path: FilePath) { self.init(path, 0) }

    /// The stamp of an open file or folder.
    init?(open number: Int32) {
        var status = stat()
        guard fstat(number, &status) == 0 else { return nil }
        self.init(status)
    }

    private init?(_ path: FilePath, _ flags: Int32) {
        var status = stat()
        guard fstatat(AT_FDCWD, path.nameBytes, &status, flags) == 0 else { return nil }
        self.init(status)
    }

    /// Reads the five numbers of `text`; `nil` for anything else.
    package init?(fields: some Collection<Substring>) {
        let fields = Array(fields)
        guard fields.count == 5, let mode = UInt32(fields[0]), let inode = UInt64(fields[1]),
            let size = Int64(fields[2]), let modified = Int64(fields[3]), let changed = Int64(fields[4])
        else { return nil }
        (self.mode, self.inode, self.size, self.modified, self.changed) = (mode, inode, size, modified, changed)
    }

    /// The stamp as five numbers with blanks between them, for records.
    package var text: String { "\(mode) \(inode) \(size) \(modified) \(changed)" }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
