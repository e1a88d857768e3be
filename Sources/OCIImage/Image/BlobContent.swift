import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// Where the bytes of a blob are.
package enum BlobContent: Sendable, Hashable {
    case bytes([UInt8])
    /// In a file: all of it, or a part of it where the file is an archive.
    case file(FilePath, offset: Int64, size: Int64)

    package var size: Int64 {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, _, let size): size
        }
    }

    /// Writes all bytes to a sink, which is not finished.
    /// - Throws: `Failure` when the file cannot be read or is too short.
    package func write(to sink: any ByteSink) throws(Failure) {
        switch self {
        case .bytes(let bytes): try sink.write(bytes)
        case .file(let path, let offset, let size): try Self.write(path, offset, size, to: sink)
        }
    }

    private static func write(
        _ path: FilePath, _ offset: Int64, _ size: Int64, to sink: any ByteSink
    ) throws(Failure) {
        let descriptor = open(path.nameBytes, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.unreadable, path.string) }
        defer { _ = close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        var done: Int64 = 0
        while done < size {
            let count = pread(descriptor, buffer.baseAddress, min(buffer.count, Int(size - done)), off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(.unreadable, path.string) }
            guard count > 0 else { throw Failure(.changed, "\(path) is shorter than expected") }
            try sink.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            done += Int64(count)
        }
    }

    package var input: ArchiveInput {
        switch self {
        case .bytes(let bytes): .bytes(bytes)
        case .file(let path, let offset, let size): .file(path, offset: offset, size: size)
        }
    }

    /// The sha256 of the bytes in hex, and how many there are.
    package func measured() throws(Failure) -> (digest: String, size: Int64) {
        let sink = try DigestSink()
        try write(to: sink)
        try sink.finish()
        return (sink.digest ?? "", sink.count)
    }

    /// A part of the bytes; what is beyond the end is left out.
    package func part(from start: Int64, size: Int64) -> BlobContent {
        switch self {
        case .bytes(let bytes): .bytes(Array(bytes.dropFirst(Int(clamping: start)).prefix(Int(clamping: size))))
        case .file(let path, let offset, let whole):
            .file(path, offset: offset + start, size: max(0, min(size, whole - start)))
        }
    }
}
