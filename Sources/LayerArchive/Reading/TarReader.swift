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
    private let input: ArchiveInput
    private let limits: TarLimits
    private var linkTargets: LinkTargets?
    private var currentSize: Int64 = 0
    /// Where the content of the last entry ends among the plain bytes; 0 for a sparse file, which has fewer there.
    private var contentEnd: Int64 = 0
    private var entries = 0
    private var totalSize: Int64 = 0
    private var current = ""

    /// Where the content of the last entry begins in the input; `nil` where the input is compressed.
    package private(set) var contentOffset: Int64?

    /// Opens an archive.
    /// - Throws: `Failure` when it cannot be read or is no tar.
    package init(_ input: ArchiveInput, limits: TarLimits = TarLimits()) throws(Failure) {
        source = try ReadSource(input)
        self.input = input
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
        if status == ARCHIVE_FATAL, endsAfterContent() { return nil }
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
        (current, currentSize) = (entry.path, entry.size)
        let start = archive_filter_bytes(archive, 0)
        contentEnd = archive_entry_sparse_count(handle) > 0 ? 0 : start + entry.size
        contentOffset = archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE ? start : nil
        return entry
    }

    /// Passes the content of the last entry to a sink, which is not finished.
    package func copyContent(to sink: any ByteSink) throws(Failure) {
        var written: Int64 = 0
        var start: UnsafeRawPointer?
        var count = 0
        var offset: la_int64_t = 0
        while true {
            let status = archive_read_data_block(archive, &start, &count, &offset)
            if status == ARCHIVE_FATAL, endsAfterContent() { return }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN || status == ARCHIVE_EOF else { throw failure() }
            guard offset <= currentSize else {
                throw Failure(.malformed, "\(source.name): \(current) has parts behind its end")
            }
            // A sparse file's holes have no blocks.
            try writeZeros(offset - written, to: sink)
            if status == ARCHIVE_EOF { return }
            try sink.write(UnsafeRawBufferPointer(start: start, count: count))
            written = max(written, offset) + Int64(count)
        }
    }

    private func writeZeros(_ count: Int64, to sink: any ByteSink) throws(Failure) {
        guard count > 0 else { return }
        let zeros = [UInt8](repeating: 0, count: Int(min(count, 1 << 18)))
        var left = count
        while left > 0 {
            let part = [UInt8](zeros.prefix(Int(clamping: left)))
            try sink.write(part)
            left -= Int64(part.count)
        }
    }

    /// Whether the input ends, undamaged, in the zeros after the last content: Go's writer leaves them out where nobody closes
    /// it, and its reader does not ask for them.
    private func endsAfterContent() -> Bool {
        let size = Int64(TarBlock.size)
        let ends = contentEnd..<max((contentEnd + size - 1) / size * size, contentEnd)
        var end: Int64 = 0
        do {
            let plain = try RawReader(input)
            while end < ends.upperBound, let part = try plain.next() { end += Int64(part.count) }
        } catch {
            return false
        }
        return ends.contains(end)
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
        case 0:
            guard let target = try droppedTarget() else { return .special }
            return .hardLink(target: target)
        case 0o040000: return .directory
        case 0o100000: return .file(size: Int64(archive_entry_size(handle)))
        case 0o120000:
            if let target = try text(archive_entry_symlink(handle)) { return .symlink(target: target) }
            return .symlink(target: try droppedTarget() ?? "")
        default: return .special
        }
    }

    /// The target of a link for which libarchive gives none.
    private func droppedTarget() throws(Failure) -> String? {
        let targets: LinkTargets
        if let linkTargets {
            targets = linkTargets
        } else {
            targets = try LinkTargets(input, limit: limits.pathLength * 4 + 8 * TarBlock.size)
            linkTargets = targets
        }
        let headers = archive_read_header_position(archive)..<archive_filter_bytes(archive, 0)
        guard let target = try targets.target(inHeaders: headers) else { return nil }
        guard target.count <= limits.pathLength else { throw nameOverLimit() }
        return String(fileName: target)
    }

    /// A name as text that keeps its bytes.
    private func text(_ pointer: UnsafePointer<CChar>?) throws(Failure) -> String? {
        guard let pointer else { return nil }
        guard strlen(pointer) <= limits.pathLength else {
            throw nameOverLimit()
        }
        return String(fileName: UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
    }

    private func nameOverLimit() -> Failure {
        Failure(.overLimit, "\(source.name): a name of more than \(limits.pathLength) bytes")
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
