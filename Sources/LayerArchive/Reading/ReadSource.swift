internal import CArchive
import Diagnostics
import Files
import Glibc
import SystemPackage

/// The bytes that an archive is read from.
package enum ArchiveInput: Sendable {
    case bytes([UInt8])
    /// In a file: all of it, or `size` bytes from `offset`.
    case file(FilePath, offset: Int64 = 0, size: Int64? = nil)
}

/// Gives libarchive the bytes of an input, in big pieces.
final class ReadSource {
    let name: String
    private(set) var error: Failure?
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer
    private var position: Int64
    private let end: Int64

    init(_ input: ArchiveInput) throws(Failure) {
        switch input {
        case .bytes(let bytes):
            name = "the archive"
            descriptor = -1
            buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
            buffer.copyBytes(from: bytes)
            position = 0
            end = Int64(bytes.count)
        case .file(let path, let offset, let size):
            name = path.string
            // A pipe would be waited for, and has no places to read from.
            guard [.file, .missing].contains(path.kindBehind) else {
                throw Failure(.unreadable, "\(path) is not a file")
            }
            let number = open(path.nameBytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard number >= 0 else { throw .system(.unreadable, path.string) }
            descriptor = number
            buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
            position = offset
            let limit = lseek(number, 0, SEEK_END)
            end = min(Int64(limit), size.map { offset &+ max($0, 0) } ?? .max)
        }
    }

    deinit {
        buffer.deallocate()
        if descriptor >= 0 { _ = close(descriptor) }
    }

    private func readPart() -> (start: UnsafeRawPointer?, count: Int) {
        if descriptor < 0 {
            defer { position = end }
            return (buffer.baseAddress.map { UnsafeRawPointer($0) + Int(position) }, Int(end - position))
        }
        while true {
            let wanted = Int(min(Int64(buffer.count), max(end - position, 0)))
            let count = pread(descriptor, buffer.baseAddress, wanted, off_t(position))
            if count < 0, errno == EINTR { continue }
            if count < 0 { error = .system(.unreadable, name) }
            position += Int64(max(count, 0))
            return (UnsafeRawPointer(buffer.baseAddress), count)
        }
    }

    private func skip(_ count: Int64) -> Int64 {
        let skipped = max(0, min(count, end - position))
        position += skipped
        return skipped
    }

    /// What libarchive calls for more bytes.
    static func read(
        _ archive: OpaquePointer?, _ context: UnsafeMutableRawPointer?,
        _ start: UnsafeMutablePointer<UnsafeRawPointer?>?
    ) -> Int {
        guard let context else { return -1 }
        let part = Unmanaged<ReadSource>.fromOpaque(context).takeUnretainedValue().readPart()
        start?.pointee = part.start
        return part.count
    }

    /// What libarchive calls to leave bytes out.
    static func skip(_ archive: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ count: Int64) -> Int64 {
        guard let context else { return 0 }
        return Unmanaged<ReadSource>.fromOpaque(context).takeUnretainedValue().skip(count)
    }
}

/// Opens libarchive's readers with what both kinds of reading share.
enum LibArchive {
    /// Opens a reader for the formats that the closure enables.
    static func open(
        _ source: ReadSource, formats: (OpaquePointer) -> Void
    ) throws(Failure) -> OpaquePointer {
        guard let archive = archive_read_new() else { throw Failure(.unsupported, "libarchive: no memory") }
        formats(archive)
        // Only what libarchive does itself: some of its filters would start programs.
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_filter_bzip2(archive)
        archive_read_support_filter_xz(archive)
        let status = archive_read_open2(
            archive, Unmanaged.passUnretained(source).toOpaque(), nil, { ReadSource.read($0, $1, $2) },
            { ReadSource.skip($0, $1, $2) }, nil)
        guard status == ARCHIVE_OK else {
            let error = failure(archive, source)
            archive_read_free(archive)
            throw error
        }
        return archive
    }

    /// What the reader says went wrong, or the reason below it that it could not read.
    static func failure(_ archive: OpaquePointer, _ source: ReadSource) -> Failure {
        if let error = source.error { return error }
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "it is damaged"
        return Failure(.malformed, "\(source.name) is not a valid archive: \(reason)")
    }
}
