import BuildpackAPI
import Digests
import Files
import Glibc
import LayerArchive
import SystemPackage

/// What the project's files are: one digest over the paths, kinds, modes and contents of all that take part, in the order of
/// the walk.
///
/// Contents are hashed once and remembered with the file's inode, size and times, so that looking again costs a stat a
/// file. A file changed so lately that its times cannot tell is hashed again. What a link brings in from outside the
/// project counts as if it stood there, as in the copy that is built.
struct SourceScan {
    /// Larger files are rarely whole: their holes are not read.
    private static let large: Int64 = 64 << 20

    /// The digest, as hex; the index file is brought up to date.
    /// - Parameter holdsSecret: whether a text holds the value of a secret, `nil` where there are none; a file whose path does
    ///   is not remembered.
    /// - Throws: `Failure` when a file cannot be read, `CancellationError`.
    static func digest(
        of entries: [SourceEntry], index: FilePath, holdsSecret: ((String) -> Bool)? = nil
    ) throws -> String {
        let files = entries.lazy.filter { $0.kind != .folder }
        let last = SourceIndex(at: index)
        let hasSecret = holdsSecret?(files.map(\.path).joined(separator: "\n")) ?? false
        if !hasSecret, let digest = try last.digest(of: files) { return digest }
        let contents = last.contents()
        let seen = try files.map { file in
            try Task.checkCancellation()
            return SourceIndex.File(
                path: file.path, stamp: file.stamp, content: try contents[file] ?? content(of: file))
        }
        let digest = try digest(of: seen)
        let kept = hasSecret ? seen.filter { !(holdsSecret?($0.path) ?? false) } : seen
        try SourceIndex.write(kept, digest: kept.count == seen.count ? digest : nil, to: index)
        return digest
    }

    private static func digest(of files: [SourceIndex.File]) throws -> String {
        var bytes: [UInt8] = []
        for file in files {
            for part in [file.path, "\0", file.stamp.kindAndMode, "\0", file.content, "\n"] { bytes += part.utf8 }
        }
        return try MessageDigest.hex(of: bytes)
    }

    private static func content(of file: SourceEntry) throws -> String {
        if file.kind == .link { return file.linkTarget }
        return file.stamp.size < large
            ? try MessageDigest.hex(ofFile: file.origin) : try MessageDigest.hex(ofPartsIn: file.origin)
    }
}

extension SourceEntry {
    /// What a link says; empty for one that is gone.
    fileprivate var linkTarget: String { origin.linkTarget ?? "" }
}

extension FileStamp {
    /// What of the mode counts for a build: the kind, and whether it can be executed.
    var kindAndMode: String { "\((mode & S_IFMT) >> 12)\(kind == .file && mode & 0o100 != 0 ? "x" : "-")" }
}

/// A project's files as they were last seen, in the order of the walk, and the digest of all of them.
///
/// The file has a record for each, which is compared as it is: a look at a project that has not changed makes no text.
struct SourceIndex {
    /// A file or link: its content is the hash of what is in it, or where it leads.
    struct File {
        var path: String
        var stamp: FileStamp
        var content: String
    }

    private static let format = Array("mixpack sources 2\n".utf8)
    private static let digestLength = 64

    private let bytes: [UInt8]
    /// When the index was written; a file changed at about that time may have been changed again unseen.
    private let written: Int64

    init(at path: FilePath) {
        let bytes = (try? path.bytes()) ?? []
        self.bytes = bytes.starts(with: Self.format) && bytes.count >= Self.start ? bytes : []
        written = FileStamp(of: path)?.modified ?? 0
    }

    private static var start: Int { format.count + digestLength }

    /// The digest of these files, if they are surely all the files of the index and as they were.
    /// - Throws: `CancellationError`.
    func digest(of files: some Sequence<SourceEntry>) throws -> String? {
        let digest = bytes.dropFirst(Self.format.count).prefix(Self.digestLength)
        guard digest.count == Self.digestLength, digest.first != UInt8(ascii: "-") else { return nil }
        let areSame = try bytes.withUnsafeBytes { all in
            var place = Self.start
            for file in files {
                try Task.checkCancellation()
                guard let record = Record(all, at: place), record.stamp == file.stamp, isOld(file.stamp),
                    record.path(equals: file.path), file.kind != .link || record.content == file.linkTarget
                else { return false }
                place = record.end
            }
            return place == all.count
        }
        return areSame ? String(decoding: digest, as: UTF8.self) : nil
    }

    /// The contents of the files that are surely as they were.
    func contents() -> Contents {
        var contents = Contents()
        bytes.withUnsafeBytes { all in
            var place = Self.start
            while let record = Record(all, at: place) {
                if record.stamp.kind == .file, isOld(record.stamp) {
                    contents.files[record.path] = (record.stamp, record.content)
                }
                place = record.end
            }
        }
        return contents
    }

    /// Hashes by path, each with the stamp for which it counts.
    struct Contents {
        fileprivate var files: [String: (stamp: FileStamp, content: String)] = [:]

        subscript(file: SourceEntry) -> String? {
            guard let known = files[file.path], known.stamp == file.stamp else { return nil }
            return known.content
        }
    }

    private func isOld(_ stamp: FileStamp) -> Bool {
        max(stamp.modified, stamp.changed) < written - Self.clockStep
    }

    /// Writes the index.
    /// - Parameter digest: that of all files of the project; `nil` if these are not all.
    static func write(_ files: [File], digest: String?, to path: FilePath) throws {
        var bytes = format + Array((digest ?? String(repeating: "-", count: digestLength)).utf8)
        for file in files { Record.write(file, to: &bytes) }
        try path.replace(with: bytes)
    }

    /// File times advance in steps of the kernel's tick, at most 10 ms; doubled to be sure.
    private static let clockStep: Int64 = 20_000_000

    /// One file in the index's bytes: seven numbers, the content and the path.
    private struct Record {
        private static let head = 44

        let stamp: FileStamp
        let end: Int
        private let contentBytes: UnsafeRawBufferPointer
        private let pathBytes: UnsafeRawBufferPointer

        /// The record at a place; `nil` at the end, and if it is not whole.
        init?(_ all: UnsafeRawBufferPointer, at place: Int) {
            guard place + Self.head <= all.count else { return nil }
            func number<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> Number {
                all.loadUnaligned(fromByteOffset: place + offset, as: Number.self)
            }
            var stamp = FileStamp(stat())
            (stamp.mode, stamp.inode, stamp.size) = (number(0), number(12), number(20))
            (stamp.modified, stamp.changed) = (number(28), number(36))
            let (content, path): (UInt32, UInt32) = (number(4), number(8))
            let middle = place + Self.head + Int(content)
            let end = middle + Int(path)
            guard end <= all.count else { return nil }
            self.stamp = stamp
            self.end = end
            contentBytes = UnsafeRawBufferPointer(rebasing: all[(place + Self.head)..<middle])
            pathBytes = UnsafeRawBufferPointer(rebasing: all[middle..<end])
        }

        var content: String { String(decoding: contentBytes, as: UTF8.self) }
        var path: String { String(decoding: pathBytes, as: UTF8.self) }

        func path(equals other: String) -> Bool {
            var other = other
            return other.withUTF8 { bytes in
                guard bytes.count == pathBytes.count, let own = pathBytes.baseAddress, let other = bytes.baseAddress
                else { return bytes.count == pathBytes.count }
                return memcmp(own, other, bytes.count) == 0
            }
        }

        static func write(_ file: File, to bytes: inout [UInt8]) {
            func add(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number) { bytes += $0 } }
            add(file.stamp.mode)
            add(UInt32(file.content.utf8.count))
            add(UInt32(file.path.utf8.count))
            add(file.stamp.inode)
            add(file.stamp.size)
            add(file.stamp.modified)
            add(file.stamp.changed)
            bytes += file.content.utf8
            bytes += file.path.utf8
        }
    }
}
