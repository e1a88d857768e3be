import BuildpackAPI
import Digests
import Files
import Glibc
import LayerArchive
import SystemPackage

/// What the project's files are: one digest over the paths, kinds, modes and contents of all that take part.
///
/// Contents are hashed once and remembered with the file's inode, size and times, so that looking again costs a stat a
/// file. A file changed so lately that its times cannot tell is hashed again. What a link brings in from outside the
/// project counts as if it stood there, as in the copy that is built.
struct SourceScan {
    /// Larger files are rarely whole: their holes are not read.
    private static let large: Int64 = 64 << 20

    private let index: SourceIndex
    private var seen: [(path: String, stamp: FileStamp, content: String)] = []

    /// The digest, as hex; the index file is brought up to date.
    /// - Parameter holdsSecret: whether a path holds the value of a secret; such a file is not remembered.
    /// - Throws: `Failure` when a file cannot be read, `CancellationError`.
    static func digest(
        of entries: [SourceEntry], index: FilePath, holdsSecret: (String) -> Bool = { _ in false }
    ) throws -> String {
        var scan = SourceScan(index: SourceIndex(at: index))
        try scan.look(at: entries)
        scan.seen.sort { $0.path < $1.path }
        try SourceIndex.write(scan.seen.filter { !holdsSecret($0.path) }, to: index, unlessSame: scan.index)
        return try scan.digest()
    }

    private func digest() throws -> String {
        let lines = seen.map { "\($0.path)\0\($0.stamp.kindAndMode)\0\($0.content)\n" }
        return try MessageDigest.hex(of: lines.joined().utf8)
    }

    private mutating func look(at entries: [SourceEntry]) throws {
        for entry in entries where entry.kind != .folder {
            try Task.checkCancellation()
            let stamp = entry.stamp
            let content =
                entry.kind == .link
                ? entry.origin.linkTarget ?? "" : try content(of: entry.origin, entry.path, stamp)
            seen.append((entry.path, stamp, content))
        }
    }

    private func content(of file: FilePath, _ path: String, _ stamp: FileStamp) throws -> String {
        if let known = index.content(of: path, stamp) { return known }
        return stamp.size < Self.large ? try MessageDigest.hex(ofFile: file) : try MessageDigest.hex(ofPartsIn: file)
    }
}

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
