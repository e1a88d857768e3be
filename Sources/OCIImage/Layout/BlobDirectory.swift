import Diagnostics
import Files
import Glibc
import LayerArchive
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
        guard let size = path.fileSize else {
            throw Failure(.notFound, "no blob \(descriptor.digest)")
        }
        guard size == descriptor.size else {
            throw Failure(
                .digestMismatch, "the blob \(descriptor.digest) has \(size) bytes, not \(descriptor.size)")
        }
        return .file(path, offset: 0, size: size)
    }

    /// A small blob's bytes, checked.
    func bytes(_ descriptor: Descriptor) throws(Failure) -> [UInt8] {
        guard let bytes = try path(of: descriptor.digest).document() else {
            throw Failure(.notFound, "no blob \(descriptor.digest)")
        }
        let found = try Digest(of: bytes)
        guard found == descriptor.digest else {
            throw Failure(.digestMismatch, "the content of blob \(descriptor.digest) is now \(found)")
        }
        return bytes
    }

    /// Whether a blob of this digest and size is there.
    func has(_ descriptor: Descriptor) -> Bool {
        path(of: descriptor.digest).fileSize == descriptor.size
    }

    /// Adds a blob: a hard link where the content is a whole file of the same file system, else a checked copy.
    ///
    /// It appears whole, under its name, or not at all.
    /// - Returns: The copy, which may not be on the disk yet; `nil` where none was made.
    @discardableResult
    func add(_ descriptor: Descriptor, content: BlobContent) throws(Failure) -> FilePath? {
        let target = path(of: descriptor.digest)
        if has(descriptor) { return nil }
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

extension FilePath {
    /// A manifest or the like, at most 16 MiB of it; `nil` where there is none.
    func document() throws(Failure) -> [UInt8]? {
        do throws(Failure) {
            return try bytes(limit: 16 << 20)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
