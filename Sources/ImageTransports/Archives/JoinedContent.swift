import Diagnostics
import Files
import HTTP
import LayerArchive
import OCIImage

/// A long content put together from parts that lie in memory and in files, such as an archive; nothing is copied.
struct JoinedContent: Sendable {
    private(set) var parts: [BlobContent] = []
    private(set) var size: Int64 = 0

    /// Creates a content of one part; by default of none.
    init(_ part: BlobContent? = nil) {
        if let part { append(part) }
    }

    /// Adds bytes at the end.
    mutating func append(_ part: BlobContent) {
        guard part.size > 0 else { return }
        parts.append(part)
        size += part.size
    }

    /// Adds an entry of a tar with its content.
    mutating func append(_ path: String, _ content: BlobContent) throws(Failure) {
        let entry = TarEntry(path: path, kind: .file(size: content.size), mode: 0o644, owner: .root)
        append(.bytes(try entry.header()))
        append(content)
        append(.bytes(entry.padding))
    }

    /// Adds a folder of a tar.
    mutating func appendDirectory(_ path: String) throws(Failure) {
        append(.bytes(try TarEntry(path: path, kind: .directory, mode: 0o755, owner: .root).header()))
    }

    /// The content as the body of a request.
    var body: HTTPBody { HTTPBody(size: size) { JoinedReader(self) } }

    /// Writes everything to a sink, which is not finished.
    func write(to sink: any ByteSink, progress: (Int64) -> Void = { _ in }) throws(Failure) {
        var done: Int64 = 0
        for part in parts {
            try part.write(to: sink)
            done += part.size
            progress(done)
        }
    }
}
