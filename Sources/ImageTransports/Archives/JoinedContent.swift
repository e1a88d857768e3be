import Diagnostics
import Files
import Glibc
import HTTP
import LayerArchive
import OCIImage

/// A long content put together from parts that lie in memory and in files, such as an archive; nothing is copied.
struct JoinedContent: Sendable {
    private(set) var parts: [BlobContent] = []
    private(set) var size: Int64 = 0

    init(_ part: BlobContent? = nil) {
        if let part { append(part) }
    }

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

    mutating func appendDirectory(_ path: String) throws(Failure) {
        append(.bytes(try TarEntry(path: path, kind: .directory, mode: 0o755, owner: .root).header()))
    }

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

/// Reads a joined content piece by piece, for those who ask for bytes instead of being given them.
final class JoinedReader: HTTPBodyReader {
    private let parts: [BlobContent]
    private var part = 0
    private var position: Int64 = 0
    private var descriptor: Int32 = -1

    init(_ content: JoinedContent) { parts = content.parts }

    deinit { if descriptor >= 0 { _ = close(descriptor) } }

    /// Fills a buffer as far as there are bytes.
    /// - Returns: How many bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        var filled = 0
        while filled < buffer.count, part < parts.count {
            filled += try readPart(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if position == parts[part].size { advance() }
        }
        return filled
    }

    private func readPart(_ space: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        let count = min(space.count, Int(clamping: parts[part].size - position))
        switch parts[part] {
        case .bytes(let bytes):
            space.copyBytes(from: bytes[Int(position)..<Int(position) + count])
            position += Int64(count)
            return count
        case .file(let path, let offset, _):
            if descriptor < 0 { descriptor = open(path.string, O_RDONLY | O_CLOEXEC) }
            let got = descriptor < 0 ? -1 : pread(descriptor, space.baseAddress, count, off_t(offset + position))
            guard got > 0 else {
                if got < 0, errno == EINTR { return 0 }
                throw Failure(.unreadable, "cannot read \(path) to its end")
            }
            position += Int64(got)
            return got
        }
    }

    private func advance() {
        part += 1
        position = 0
        if descriptor >= 0 { _ = close(descriptor) }
        descriptor = -1
    }
}
