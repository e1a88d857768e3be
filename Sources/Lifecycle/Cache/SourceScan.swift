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
    private let project: FilePath
    private let selection: SourceSelection
    private let index: SourceIndex
    private var seen: [(path: String, stamp: FileStamp, content: String)] = []

    /// The digest, as hex; the index file is brought up to date.
    /// - Throws: `Failure` when a file cannot be read.
    static func digest(of project: FilePath, selection: SourceSelection, index: FilePath) throws -> String {
        var scan = SourceScan(project, selection, SourceIndex(at: index))
        try scan.look()
        scan.seen.sort { $0.path < $1.path }
        try SourceIndex.write(scan.seen, to: index, unlessSame: scan.index)
        return try scan.digest()
    }

    private init(_ project: FilePath, _ selection: SourceSelection, _ index: SourceIndex) {
        self.project = project
        self.selection = selection
        self.index = index
    }

    private func digest() throws -> String {
        let lines = seen.map { "\($0.path)\0\($0.stamp.kindAndMode)\0\($0.content)\n" }
        return try MessageDigest.hex(of: lines.joined().utf8)
    }

    private mutating func look() throws {
        for entry in try SourceWalk.entries(of: project, selection) where entry.kind != .folder {
            let stamp = entry.stamp
            let content =
                entry.kind == .link
                ? entry.origin.linkTarget ?? "" : try content(of: entry.origin, entry.path, stamp)
            seen.append((entry.path, stamp, content))
        }
    }

    private func content(of file: FilePath, _ path: String, _ stamp: FileStamp) throws -> String {
        if let known = index.content(of: path, stamp) { return known }
        return try MessageDigest.hex(ofFile: file)
    }
}
