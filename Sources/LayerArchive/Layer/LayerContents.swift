import Diagnostics
import SystemPackage

/// What one layer holds, declared as an ordered list; writing it twice gives the same bytes.
///
/// Paths are written as they are given, with their leading "/". Parents are not added: each is an item of its own.
/// Every entry gets the time 1980-01-01T00:00:01Z.
package struct LayerContents: Sendable {
    /// One item of a layer.
    package enum Item: Sendable {
        /// A folder.
        case directory(_ path: String, mode: UInt16, owner: Owner)
        /// A file with these bytes.
        case file(_ bytes: [UInt8], path: String, mode: UInt16, owner: Owner)
        /// A symbolic link; the target is taken verbatim.
        case symlink(target: String, path: String, mode: UInt16, owner: Owner)
        /// A file on the disk; without `mode` it keeps its own.
        case copy(_ file: FilePath, path: String, mode: UInt16?, owner: Owner)
        /// A folder on the disk with everything below it; see `Tree`.
        case tree(Tree)
    }

    /// The items in the order they are written.
    package var items: [Item]

    /// Creates a layer; by default an empty one.
    package init(_ items: [Item] = []) { self.items = items }

    /// Writes the layer as a tar, and finishes the sink.
    /// - Throws: `Failure` that names the file that could not be read.
    package func write(to sink: any ByteSink) throws(Failure) {
        let writer = TarWriter(sink: sink)
        for item in items {
            try Self.write(item, to: writer)
        }
        try writer.finish()
    }

    /// The sha256 of the tar in hex and its size in bytes; nothing is written.
    package func measured() throws(Failure) -> (digest: String, size: Int64) {
        let sink = try DigestSink()
        try write(to: sink)
        return (sink.digest ?? "", sink.count)
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
        case .tree(let tree):
            try TreeWalk(tree: tree, writer: writer).run()
        }
    }

    private static func copy(
        _ file: FilePath, to path: String, mode: UInt16?, owner: Owner, _ writer: TarWriter
    ) throws(Failure) {
        let source = try OpenFile(reading: file.string)
        let kind = TarEntry.Kind.file(size: source.size)
        let entry = TarEntry(path: path, kind: kind, mode: mode ?? source.mode, owner: owner)
        try writer.add(entry, contentOf: source.descriptor, name: file.string)
    }
}
