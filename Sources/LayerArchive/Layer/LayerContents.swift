import Diagnostics
import SystemPackage

/// What one layer holds, declared as an ordered list; writing it twice gives the same bytes.
///
/// Paths are written as they are given, with their leading "/". Parents are not added: each is an item of its own.
/// Every entry gets the time 1980-01-01T00:00:01Z.
package struct LayerContents: Sendable {
    package enum Item: Sendable {
        case directory(_ path: String, mode: UInt16, owner: Owner)
        case file(_ bytes: [UInt8], path: String, mode: UInt16, owner: Owner)
        /// A symbolic link; the target is taken verbatim.
        case symlink(target: String, path: String, mode: UInt16, owner: Owner)
        /// A file on the disk; without `mode` it keeps its own.
        case copy(_ file: FilePath, path: String, mode: UInt16?, owner: Owner)
        /// A folder on the disk with everything below it; see `Tree`.
        case tree(_ directory: FilePath, at: String, owner: Owner, rule: Tree.Rule? = nil)
    }

    /// The items in the order they are written.
    package var items: [Item]

    package init(_ items: [Item] = []) { self.items = items }

    /// Writes the layer as a tar, and finishes the sink.
    /// - Returns: what the layer holds.
    /// - Throws: `Failure` that names the file that could not be read.
    @discardableResult
    package func write(to sink: any ByteSink) throws(Failure) -> ContentSize {
        let writer = TarWriter(sink: sink)
        for item in items {
            try Self.write(item, to: writer)
        }
        try writer.finish()
        return writer.content
    }

    private static func write(_ item: Item, to writer: TarWriter) throws(Failure) {
        switch item {
        case .directory(let path, let mode, let owner):
            try writer.add(TarEntry(path: path, kind: .directory, mode: mode, owner: owner))
        case .file(let bytes, let path, let mode, let owner):
            let entry = TarEntry(path: path, kind: .file(size: Int64(bytes.count)), mode: mode, owner: owner)
            try writer.add(entry, content: bytes)
        case .symlink(let target, let path, let mode, let owner):
            try writer.add(TarEntry(path: path, kind: .symlink(target: target), mode: mode, owner: owner))
        case .copy(let file, let path, let mode, let owner):
            try copy(file, to: path, mode: mode, owner: owner, writer)
        case .tree(let directory, let path, let owner, let rule):
            try TreeWalk(directory: directory, path: path, owner: owner, rule: rule, writer: writer).run()
        }
    }

    private static func copy(
        _ file: FilePath, to path: String, mode: UInt16?, owner: Owner, _ writer: TarWriter
    ) throws(Failure) {
        let source = try OpenFile(reading: file)
        let kind = TarEntry.Kind.file(size: source.size)
        let entry = TarEntry(path: path, kind: kind, mode: mode ?? source.mode, owner: owner)
        try writer.add(entry, contentOf: source.descriptor, name: file.string)
    }

    /// How a folder on the disk becomes a part of a layer.
    ///
    /// It is walked in lexical order, each folder before what is in it. Permission bits with setuid, setgid and sticky are
    /// kept, symbolic links are taken verbatim and not followed, sockets, pipes and devices are left out, hard links become
    /// files of their own, extended attributes are dropped.
    package enum Tree {
        /// What a rule sees of a file.
        package struct File: Sendable, Hashable {
            /// The path below the folder; empty for the folder itself.
            package var path: String
            /// Folder, file or symbolic link.
            package var kind: TarEntry.Kind
            package var mode: UInt16
        }

        /// Gives a file its mode in the layer; `nil` leaves it out, a folder with everything below it.
        package typealias Rule = @Sendable (File) -> UInt16?

        /// 777 for links, 755 for folders and files that their owner may execute, 644 for other files.
        package static let plainModes: Rule = { file in
            switch file.kind {
            case .symlink: 0o777
            case .file where file.mode & 0o100 == 0: 0o644
            default: 0o755
            }
        }
    }
}
