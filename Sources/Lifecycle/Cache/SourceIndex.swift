import Glibc
import SystemPackage

/// What a file's inode says: enough to see that it was not changed.
struct FileStamp: Hashable {
    var mode: UInt32
    var inode: UInt64
    var size: Int64
    var modified: Int64
    var changed: Int64

    /// Reads the inode, of a link its own; `nil` where there is no such file.
    init?(of path: FilePath) {
        var status = Glibc.stat()
        guard fstatat(AT_FDCWD, path.string, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(status)
    }

    /// Takes what the file system said.
    init(_ status: stat) {
        mode = status.st_mode
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    init?(fields: ArraySlice<Substring>) {
        let fields = Array(fields)
        guard fields.count == 5, let mode = UInt32(fields[0]), let inode = UInt64(fields[1]),
            let size = Int64(fields[2]),
            let modified = Int64(fields[3]), let changed = Int64(fields[4])
        else { return nil }
        (self.mode, self.inode, self.size, self.modified, self.changed) = (mode, inode, size, modified, changed)
    }

    var kind: mode_t { mode & S_IFMT }

    /// What of the mode counts for a build: the kind, and whether it can be executed.
    var kindAndMode: String { "\(kind >> 12)\(kind == S_IFREG && mode & 0o100 != 0 ? "x" : "-")" }

    var text: String { "\(mode) \(inode) \(size) \(modified) \(changed)" }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// The contents' hashes of a project's files as they were last seen.
struct SourceIndex {
    private let entries: [String: (stamp: FileStamp, content: String)]
    /// When the index was written; a file changed at about that time may have been changed again unseen.
    private let written: Int64

    init(at path: FilePath) {
        let text = path.readFile().map { String(decoding: $0, as: UTF8.self) } ?? ""
        var entries: [String: (FileStamp, String)] = [:]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = Substring(line).split(separator: " ", maxSplits: 6)
            guard fields.count == 7, let stamp = FileStamp(fields: fields[1..<6]) else { continue }
            entries[String(fields[6])] = (stamp, String(fields[0]))
        }
        self.entries = entries
        written = FileStamp(of: path)?.modified ?? 0
    }

    /// The hash of a file's content, where the file is surely as it was.
    func content(of path: String, _ stamp: FileStamp) -> String? {
        guard let entry = entries[path], entry.stamp == stamp else { return nil }
        let isOld = max(stamp.modified, stamp.changed) < written - Self.clockStep
        return isOld ? entry.content : nil
    }

    /// Writes the index, unless it holds just this and every file in it is surely as it was.
    static func write(
        _ files: [(path: String, stamp: FileStamp, content: String)], to path: FilePath, unlessSame old: SourceIndex
    ) throws {
        let regular = files.filter { $0.stamp.kind == S_IFREG && !$0.path.utf8.contains(UInt8(ascii: "\n")) }
        let isSame =
            regular.count == old.entries.count
            && regular.allSatisfy { old.content(of: $0.path, $0.stamp) != nil }
        guard !isSame else { return }
        let text = regular.map { "\($0.content) \($0.stamp.text) \($0.path)\n" }.joined()
        try path.replaceFile(with: Array(text.utf8))
    }

    /// File times advance in steps of the kernel's tick, at most 10 ms; doubled to be sure.
    private static let clockStep: Int64 = 20_000_000
}
