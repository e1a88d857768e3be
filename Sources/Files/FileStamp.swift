public import Glibc
public import SystemPackage

/// What tells a file's content from another one's without reading it.
public struct FileStamp: Sendable, Hashable {
    /// The size in bytes.
    public var size: Int64
    /// The time of the last change, in nanoseconds.
    public var modified: Int64
    /// The time of the last change of its content or its properties, which programs cannot set, in nanoseconds.
    public var changed: Int64
    /// The kind and the permissions, as `st_mode` has them.
    public var mode: UInt32
    /// The number that the file system gives it.
    public var inode: UInt64

    /// What it is.
    public var kind: FileKind { FileKind(mode) }
    /// The permission bits.
    public var permissions: UInt32 { mode & 0o7777 }

    /// Takes what the system says.
    public init(_ status: stat) {
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
        mode = status.st_mode
        inode = UInt64(status.st_ino)
    }

    /// The stamp of what stands at a path, of the link itself where it is one; `nil` where nothing is.
    public init?(of path: FilePath) {
        var status = stat()
        guard fstatat(AT_FDCWD, path.string, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(status)
    }

    /// The stamp of what a path leads to, links followed; `nil` where that is nothing.
    public init?(behind path: FilePath) {
        var status = stat()
        guard fstatat(AT_FDCWD, path.string, &status, 0) == 0 else { return nil }
        self.init(status)
    }

    /// Reads the five numbers of `text`; `nil` for anything else.
    public init?(fields: some Collection<Substring>) {
        let fields = Array(fields)
        guard fields.count == 5, let mode = UInt32(fields[0]), let inode = UInt64(fields[1]),
            let size = Int64(fields[2]), let modified = Int64(fields[3]), let changed = Int64(fields[4])
        else { return nil }
        (self.mode, self.inode, self.size, self.modified, self.changed) = (mode, inode, size, modified, changed)
    }

    /// The stamp as five numbers with blanks between them, for records.
    public var text: String { "\(mode) \(inode) \(size) \(modified) \(changed)" }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
