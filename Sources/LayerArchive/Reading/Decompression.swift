internal import CArchive
import Diagnostics

/// Undoes gzip, zstd, bzip2 or xz.
package enum Decompression {
    /// Passes the plain bytes of an input to a sink, which is not finished; what is not compressed is passed as it is.
    /// - Throws: `Failure`, also of code `overLimit` when there are more than `limit` bytes.
    package static func copy(_ input: ArchiveInput, to sink: any ByteSink, limit: Int64) throws(Failure) {
        let reader = try RawReader(input)
        var left = limit
        while let part = try reader.next() {
            left -= Int64(part.count)
            guard left >= 0 else { throw Failure(.overLimit, "it unpacks to more than \(limit) bytes") }
            try sink.write(part)
        }
    }
}

/// Reads the plain bytes of an input that may be compressed.
final class RawReader {
    private let archive: OpaquePointer
    private let source: ReadSource
    private var isEmpty = false

    init(_ input: ArchiveInput) throws(Failure) {
        source = try ReadSource(input)
        archive = try LibArchive.open(source) { archive in
            archive_read_support_format_raw(archive)
            archive_read_support_format_empty(archive)
        }
        var entry: OpaquePointer?
        let status = archive_read_next_header(archive, &entry)
        isEmpty = status == ARCHIVE_EOF
        guard isEmpty || status == ARCHIVE_OK || status == ARCHIVE_WARN else {
            throw LibArchive.failure(archive, source)
        }
    }

    deinit { archive_read_free(archive) }

    /// The next bytes, which stand until the next call; `nil` at the end.
    func next() throws(Failure) -> UnsafeRawBufferPointer? {
        guard !isEmpty else { return nil }
        var start: UnsafeRawPointer?
        var count = 0
        var offset: la_int64_t = 0
        let status = archive_read_data_block(archive, &start, &count, &offset)
        if status == ARCHIVE_EOF { return nil }
        guard status == ARCHIVE_OK else { throw LibArchive.failure(archive, source) }
        return UnsafeRawBufferPointer(start: start, count: count)
    }
}
