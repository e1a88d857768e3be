internal import CArchive
import Diagnostics
import Glibc
import Text

/// Reads a tar entry by entry: ustar, pax or GNU; plain or in gzip, zstd, bzip2 or xz.
///
/// Made for archives from outside: what is over the limits is refused, and nothing is written anywhere. A reader is used by
/// one task at a time.
package final class TarReader {
    private let archive: OpaquePointer
    private let source: ReadSource
    private let limits: TarLimits
    private var entries = 0
    private var totalSize: Int64 = 0
    private var current = ""

    /// Where the content of the last entry begins in the input; `nil` where the input is compressed.
    package private(set) var contentOffset: Int64?

    /// Opens an archive.
    /// - Throws: `Failure` when it cannot be read or is no tar.
    package init(_ input: ArchiveInput, limits: TarLimits = TarLimits()) throws(Failure) {
        source = try ReadSource(input)
        self.limits = limits
        archive = try LibArchive.open(source) { archive in
            archive_read_support_format_tar(archive)
            archive_read_support_format_empty(archive)
        }
    }

    deinit { archive_read_free(archive) }

    /// The next entry; `nil` at the end.
    /// - Throws: `Failure` when the archive is broken or over a limit.
    package func next() throws(Failure) -> TarEntry? {
        var handle: OpaquePointer?
        let status = archive_read_next_header(archive, &handle)
        if status == ARCHIVE_EOF { return nil }
        // A warning says that a name is not of the locale; it is taken as it stands.
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let handle else { throw failure() }
        entries += 1
        guard entries <= limits.entries else {
            throw Failure(.overLimit, "\(source.name) has more than \(limits.entries) entries")
        }
        let entry = try read(handle)
        guard entry.size <= limits.totalSize - totalSize else {
            throw Failure(.overLimit, "\(source.name) unpacks to more than \(limits.totalSize) bytes")
        }
        totalSize += entry.size
        current = entry.path
        contentOffset = archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE ? archive_filter_bytes(archive, 0) : nil
        return entry
    }

    /// Passes the content of the last entry to a sink, which is not finished.
    package func copyContent(to sink: any ByteSink) throws(Failure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw failure() }
            if count == 0 { return }
            try sink.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The content of the last entry, if it is no more than `limit` bytes.
    package func content(limit: Int) throws(Failure) -> [UInt8] {
        let sink = MemorySink(limit: limit)
        do {
            try copyContent(to: sink)
        } catch {
            throw error.code == .overLimit ? Failure(.overLimit, "\(current) has \(error.message)") : error
        }
        return sink.bytes
    }

    private func read(_ handle: OpaquePointer) throws(Failure) -> TarEntry {
        guard var path = try text(archive_entry_pathname(handle) ?? archive_entry_pathname_utf8(handle)) else {
            throw Failure(.malformed, "\(source.name): entry \(entries) has no name")
        }
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.unicodeScalars.removeLast() }
        return TarEntry(
            path: path, kind: try kind(handle), mode: UInt16(truncatingIfNeeded: archive_entry_perm(handle) & 0o7777),
            owner: Owner(user: Int(archive_entry_uid(handle)), group: Int(archive_entry_gid(handle))),
            time: Int64(archive_entry_mtime(handle)))
    }

    private func kind(_ handle: OpaquePointer) throws(Failure) -> TarEntry.Kind {
        if let target = try text(archive_entry_hardlink(handle)) { return .hardLink(target: target) }
        // The file types of stat.
        switch archive_entry_filetype(handle) & 0o170000 {
        case 0o040000: return .directory
        case 0o100000: return .file(size: Int64(archive_entry_size(handle)))
        case 0o120000: return .symlink(target: try text(archive_entry_symlink(handle)) ?? "")
        default: return .special
        }
    }

    /// A name as text that keeps its bytes.
    private func text(_ pointer: UnsafePointer<CChar>?) throws(Failure) -> String? {
        guard let pointer else { return nil }
        guard strlen(pointer) <= limits.pathLength else {
            throw Failure(.overLimit, "\(source.name): a name of more than \(limits.pathLength) bytes")
        }
        return String(fileName: UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
    }

    private func failure() -> Failure { LibArchive.failure(archive, source) }
}

/// How much an archive from outside may hold before it is refused.
package struct TarLimits: Sendable, Hashable {
    package var entries: Int
    /// The most bytes of a path or of a link's target.
    package var pathLength: Int
    /// The most bytes of all contents together.
    package var totalSize: Int64

    package init(entries: Int = 2_000_000, pathLength: Int = 4096, totalSize: Int64 = 64 << 30) {
        self.entries = entries
        self.pathLength = pathLength
        self.totalSize = totalSize
    }
}
