import Diagnostics
import Files
import Glibc
import LayerArchive
import Synchronization
import SystemPackage

/// A folder of blobs as OCI layouts have it: `sha256/<hex>`.
struct BlobDirectory: Sendable, Hashable {
    let path: FilePath

    init(_ path: FilePath) { self.path = path }

    var folder: FilePath { path.appending("sha256") }

    func path(of digest: Digest) -> FilePath { folder.appending(digest.hex) }

    /// A blob of the right size.
    func content(_ descriptor: Descriptor) throws(Failure) -> BlobContent {
        let path = path(of: descriptor.digest)
        guard let stamp = FileStamp(behind: path) else { throw missing(descriptor) }
        guard stamp.kind == .file else {
            throw Failure(.malformed, "\(path) is not a file", advice: Self.advice)
        }
        let size = stamp.size
        guard size == descriptor.size else {
            throw Failure(
                .digestMismatch, "\(path) has \(size) bytes, and the image says \(descriptor.size)", advice: Self.advice
            )
        }
        return .file(path, offset: 0, size: size)
    }

    /// A blob whose bytes were read and have its digest.
    ///
    /// A disk, or another program, may have changed a file that has the right size; what goes out is what its name says.
    /// - Parameter known: remembers what was checked, and is asked first.
    /// - Throws: `Failure` of code `digestMismatch` that names the file, `notFound`.
    func checked(_ descriptor: Descriptor, known: CheckedBlobs) throws(Failure) -> BlobContent {
        let content = try content(descriptor)
        let path = path(of: descriptor.digest)
        guard let stamp = FileStamp(behind: path), !known.has(descriptor.digest, stamp) else { return content }
        let found = try content.measured()
        guard found.digest == descriptor.digest.hex else {
            throw Failure(
                .digestMismatch, "\(path) does not hold what its name says: its content is sha256:\(found.digest)",
                advice: Self.advice)
        }
        known.add(descriptor.digest, stamp)
        return content
    }

    /// A small blob's bytes, checked.
    func bytes(_ descriptor: Descriptor) throws(Failure) -> [UInt8] {
        guard let bytes = try path(of: descriptor.digest).document() else {
            throw missing(descriptor)
        }
        let found = try Digest(of: bytes)
        guard found == descriptor.digest else {
            throw Failure(
                .digestMismatch,
                "\(path(of: descriptor.digest)) does not hold what its name says: its content is \(found)",
                advice: Self.advice)
        }
        return bytes
    }

    /// What to do about a file that is not what it should be.
    static let advice = "remove that file, and build or fetch the image again"

    private func missing(_ descriptor: Descriptor) -> Failure {
        Failure(
            .notFound, "no blob \(descriptor.digest): \(path(of: descriptor.digest)) is missing",
            advice: "build or fetch the image again")
    }

    /// Whether a blob of this digest and size is there.
    func has(_ descriptor: Descriptor) -> Bool {
        path(of: descriptor.digest).fileSize == descriptor.size
    }

    /// Adds a blob: a hard link where the content is a whole file of the same file system, else a checked copy.
    ///
    /// It appears whole, under its name, or not at all; a file of that name with other bytes is replaced.
    /// - Returns: The copy, which may not be on the disk yet; `nil` where none was made.
    @discardableResult
    func add(_ descriptor: Descriptor, content: BlobContent) throws(Failure) -> FilePath? {
        let target = path(of: descriptor.digest)
        if has(descriptor) {
            if content.isFile(target) { return nil }
            if try self.content(descriptor).measured().digest == descriptor.digest.hex { return nil }
        }
        try? target.remove()
        if case .file(let file, 0, descriptor.size) = content, file.fileSize == descriptor.size {
            if link(file.string, target.string) == 0 { return nil }
        }
        let temporary = folder.appending(".\(descriptor.digest.short)-\(FilePath.uniqueName())")
        do throws(Failure) {
            try copy(descriptor, content, to: temporary)
            try temporary.move(to: target)
            return target
        } catch {
            try? temporary.remove()
            throw error
        }
    }

    private func copy(_ descriptor: Descriptor, _ content: BlobContent, to path: FilePath) throws(Failure) {
        let file = try FileSink(creating: path, mode: Self.mode)
        let sink = try DigestSink(next: file)
        try content.write(to: sink)
        try sink.finish()
        guard sink.digest == descriptor.digest.hex else {
            throw Failure(.malformed, "the content of blob \(descriptor.digest) is now sha256:\(sink.digest ?? "")")
        }
    }

    /// Blobs are never written again; layouts of several images share them.
    static let mode: FilePermissions = [.ownerRead, .groupRead, .otherRead]
}

/// The blobs that were read and found right, by their files' stamps, so that none is read twice for nothing.
final class CheckedBlobs: Sendable {
    private let stamps = Mutex<[Digest: FileStamp]>([:])

    func has(_ digest: Digest, _ stamp: FileStamp) -> Bool {
        stamps.withLock { $0[digest].map { $0.isSameContent(as: stamp) } ?? false }
    }

    func add(_ digest: Digest, _ stamp: FileStamp) { stamps.withLock { $0[digest] = stamp } }
}

extension FileStamp {
    /// Whether nothing has written to the file since; a new link to it changes only the time of its properties.
    fileprivate func isSameContent(as other: FileStamp) -> Bool {
        (inode, size, modified) == (other.inode, other.size, other.modified)
    }
}

extension BlobContent {
    /// Whether these are all bytes of that very file, under whatever name.
    fileprivate func isFile(_ path: FilePath) -> Bool {
        guard case .file(let own, 0, let size) = self, let here = FileStamp(behind: own),
            let there = FileStamp(behind: path)
        else { return false }
        return here.inode == there.inode && here.size == size && here.isSameContent(as: there)
    }
}

extension Failure {
    /// This failure with advice, unless it has some of its own.
    func advising(_ advice: String) -> Failure {
        var failure = self
        failure.advice = self.advice ?? advice
        return failure
    }
}

extension FilePath {
    /// A manifest or the like, at most 16 MiB of it; `nil` where there is none.
    func document() throws(Failure) -> [UInt8]? {
        guard [.file, .missing].contains(kindBehind) else {
            throw Failure(.malformed, "\(self) is not a file", advice: BlobDirectory.advice)
        }
        do throws(Failure) {
            return try bytes(limit: 16 << 20)
        } catch {
            guard error.code == .notFound else { throw error.advising(BlobDirectory.advice) }
            return nil
        }
    }
}
