internal import CArchive
import Diagnostics

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
        return Failure(.malformed, "\(source.name) is no good archive: \(reason)")
    }
}
