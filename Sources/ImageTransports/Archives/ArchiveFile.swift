import Diagnostics
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

    /// Forgets what was unpacked: the file is another one now.
    func forget() { unpacked.withLock { $0 = nil } }

    private func isCompressed() throws(Failure) -> Bool {
        let start = BlobContent.file(path, offset: 0, size: min(4, try size()))
        return try LayerCompression.detect(start) != .none
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
        var status = stat()
        guard stat(path.string, &status) == 0 else {
            throw Failure(.unreadable, "\(path): \(String(cString: strerror(errno)))")
        }
        return Int64(status.st_size)
    }
}
