import Diagnostics
import Files
import Glibc
import LayerArchive
import OCIImage
import Synchronization
import SystemPackage

/// The file of an image archive; one that is compressed as a whole is unpacked once, next to where scratch files go.
final class ArchiveFile: Sendable {
    let path: FilePath
    private let folder: FilePath
    private let smallestLimit: Int64
    private let unpacked = Mutex<ScratchFile?>(nil)

    /// How much more than its size a compressed archive may unpack to.
    private static let ratio: Int64 = 200

    /// Takes a file; what unpacks to more than `smallestLimit`, by default 1 GiB, is looked at as a possible bomb.
    init(_ path: FilePath, temporaryFolder folder: FilePath, smallestLimit: Int64 = 1 << 30) {
        self.smallestLimit = smallestLimit
        self.path = path
        self.folder = folder
    }

    /// Where the archive's files stand.
    func index() throws(Failure) -> TarIndex {
        if let known = unpacked.withLock({ $0 }) { return try TarIndex(known.path, shownAs: path) }
        guard try isCompressed() else { return try TarIndex(path) }
        let file = try unpack()
        unpacked.withLock { $0 = file }
        return try TarIndex(file.path, shownAs: path)
    }

    /// Writes an archive next to the file, and puts it in its place at the end.
    func write(_ content: JoinedContent, progress: BlobProgress?) throws(Failure) {
        let temporary = path.removingLastComponent().appending(".\(path.lastComponent?.string ?? "image")-\(getpid())")
        try? temporary.remove()
        do throws(Failure) {
            let sink = try FileSink(creating: temporary, mode: [.ownerReadWrite, .groupRead, .otherRead])
            try content.write(to: sink) { progress?($0, content.size) }
            try sink.synchronize()
            guard !Task.isCancelled else { throw Failure(.unwritable, "cancelled") }
            try temporary.move(to: path)
        } catch {
            try? temporary.remove()
            throw error
        }
        // What was unpacked is another file's now.
        unpacked.withLock { $0 = nil }
    }

    private func isCompressed() throws(Failure) -> Bool {
        try BlobContent.file(path, offset: 0, size: min(4, try size())).compression() != .none
    }

    private func unpack() throws(Failure) -> ScratchFile {
        let file = try ScratchFile(in: folder)
        do throws(Failure) {
            let limit = max(smallestLimit, min(try size(), 1 << 40) * Self.ratio)
            let sink = try FileSink(replacing: file.path)
            try Decompression.copy(.file(path), to: sink, limit: limit)
            try sink.finish()
        } catch {
            throw error.failing("\(path)")
        }
        return file
    }

    private func size() throws(Failure) -> Int64 {
        guard let stamp = FileStamp(behind: path) else { throw .system(.unreadable, path.string) }
        return stamp.size
    }
}

extension BlobContent {
    /// How a layer is compressed, by its first bytes (RFC 1952, RFC 8878).
    func compression() throws(Failure) -> MediaType.Compression {
        let sink = MemorySink(limit: 4)
        try part(from: 0, size: 4).write(to: sink)
        if sink.bytes.starts(with: [0x1f, 0x8b]) { return .gzip }
        if sink.bytes == [0x28, 0xb5, 0x2f, 0xfd] { return .zstd }
        return .none
    }
}
