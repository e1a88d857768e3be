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
        var text = ""
        for file in seen {
            for part in [file.path, "\0", file.stamp.kindAndMode, "\0", file.content, "\n"] { text += part }
        }
        return try MessageDigest.hex(of: text.utf8)
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
        let bytes = (try? path.bytes()) ?? []
        var entries: [String: (FileStamp, String)] = [:]
        entries.reserveCapacity(bytes.count / 128)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let (path, stamp, content) = Self.entry(line) else { continue }
            entries[path] = (stamp, content)
        }
        self.entries = entries
        written = FileStamp(of: path)?.modified ?? 0
    }

    /// Reads a line that ``write(_:to:unlessSame:)`` wrote, byte by byte: there is one for each file of the project.
    private static func entry(_ line: ArraySlice<UInt8>) -> (path: String, stamp: FileStamp, content: String)? {
        var rest = line
        guard let content = field(&rest), let mode = number(&rest), let inode = number(&rest),
            let size = number(&rest), let modified = number(&rest), let changed = number(&rest), !rest.isEmpty
        else { return nil }
        var stamp = FileStamp(stat())
        (stamp.mode, stamp.inode) = (UInt32(truncatingIfNeeded: mode), UInt64(bitPattern: inode))
        (stamp.size, stamp.modified, stamp.changed) = (size, modified, changed)
        return (String(decoding: rest, as: UTF8.self), stamp, String(decoding: content, as: UTF8.self))
    }

    /// Takes what is before the next blank.
    private static func field(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: UInt8(ascii: " ")), end > rest.startIndex else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    /// Takes a number; one of 64 bits without a sign wraps, as an inode's may.
    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard let digits = field(&rest) else { return nil }
        let isNegative = digits.first == UInt8(ascii: "-")
        var value: UInt64 = 0
        for byte in isNegative ? digits.dropFirst() : digits {
            guard case let digit = byte &- UInt8(ascii: "0"), digit < 10 else { return nil }
            value = value &* 10 &+ UInt64(digit)
        }
        return isNegative ? 0 &- Int64(bitPattern: value) : Int64(bitPattern: value)
    }

    /// How many files it knows.
    var count: Int { entries.count }

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
            regular.count == old.count
            && regular.allSatisfy { old.content(of: $0.path, $0.stamp) != nil }
        guard !isSame else { return }
        let text = regular.map { "\($0.content) \($0.stamp.text) \($0.path)\n" }.joined()
        try path.replace(with: Array(text.utf8))
    }

    /// File times advance in steps of the kernel's tick, at most 10 ms; doubled to be sure.
    private static let clockStep: Int64 = 20_000_000
}
