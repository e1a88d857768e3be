import Files
import Glibc
import SystemPackage

extension FileStamp {
    /// What of the mode counts for a build: the kind, and whether it can be executed.
    var kindAndMode: String { "\((mode & S_IFMT) >> 12)\(kind == .file && mode & 0o100 != 0 ? "x" : "-")" }
}

/// The contents' hashes of a project's files as they were last seen.
struct SourceIndex {
    private let entries: [String: (stamp: FileStamp, content: String)]
    /// When the index was written; a file changed at about that time may have been changed again unseen.
    private let written: Int64

    init(at path: FilePath) {
        let text = path.text ?? ""
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
        let regular = files.filter { $0.stamp.kind == .file && !$0.path.utf8.contains(UInt8(ascii: "\n")) }
        let isSame =
            regular.count == old.entries.count
            && regular.allSatisfy { old.content(of: $0.path, $0.stamp) != nil }
        guard !isSame else { return }
        let text = regular.map { "\($0.content) \($0.stamp.text) \($0.path)\n" }.joined()
        try path.replace(with: Array(text.utf8))
    }

    /// File times advance in steps of the kernel's tick, at most 10 ms; doubled to be sure.
    private static let clockStep: Int64 = 20_000_000
}
