import Diagnostics
import Files
import Glibc
import HTTP
import LayerArchive
import OCIImage

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
                throw Failure(.unreadable, "\(path) cannot be read to its end")
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
