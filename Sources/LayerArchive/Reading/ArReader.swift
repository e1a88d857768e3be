internal import CArchive
import Diagnostics

/// Reads the list of an archive of ar, such as a Debian package: names, and where each content lies.
package final class ArReader {
    /// A file of the archive.
    package struct Member: Sendable, Hashable {
        package let name: String
        /// Where its content begins in the file that was given.
        package let offset: Int64
        package let size: Int64
    }

    private let archive: OpaquePointer
    private let source: ReadSource
    private let start: Int64
    private var count = 0

    /// A package has three members.
    private static let most = 64

    /// Opens an archive that is not compressed as a whole.
    /// - Throws: `Failure` when it cannot be read or is no archive of ar.
    package init(_ input: ArchiveInput) throws(Failure) {
        start = if case .file(_, let offset, _) = input { offset } else { 0 }
        source = try ReadSource(input)
        archive = try LibArchive.open(source) { archive in archive_read_support_format_ar(archive) }
    }

    deinit { archive_read_free(archive) }

    /// The next member; `nil` at the end.
    /// - Throws: `Failure` when the archive is broken or compressed.
    package func next() throws(Failure) -> Member? {
        var handle: OpaquePointer?
        let status = archive_read_next_header(archive, &handle)
        if status == ARCHIVE_EOF { return nil }
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let handle else {
            throw LibArchive.failure(archive, source)
        }
        count += 1
        guard count <= Self.most else { throw Failure(.overLimit, "\(source.name) has more than \(Self.most) members") }
        guard archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE, let name = archive_entry_pathname(handle) else {
            throw Failure(.malformed, "\(source.name) is not a plain archive of ar")
        }
        return Member(
            name: String(cString: name), offset: start + archive_filter_bytes(archive, 0),
            size: archive_entry_size(handle))
    }
}
