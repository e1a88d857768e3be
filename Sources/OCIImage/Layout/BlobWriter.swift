import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// Puts blobs into a folder of blobs; each appears whole, under its name, or not at all.
struct BlobWriter: Sendable {
    let directory: BlobDirectory

    /// Whether the blob is there.
    func has(_ descriptor: Descriptor) -> Bool {
        directory.path(of: descriptor.digest).fileSize == descriptor.size
    }

    /// Adds a blob: a hard link where the content is a whole file of the same file system, else a checked copy.
    /// - Returns: The copy, which may not be on the disk yet; `nil` where none was made.
    @discardableResult
    func add(_ descriptor: Descriptor, content: BlobContent) throws(Failure) -> FilePath? {
        let target = directory.path(of: descriptor.digest)
        if has(descriptor) { return nil }
        if case .file(let file, 0, descriptor.size) = content, file.fileSize == descriptor.size {
            if link(file.string, target.string) == 0 { return nil }
        }
        let number = UInt64.random(in: .min ... .max)
        let temporary = directory.folder.appending(".\(descriptor.digest.short)-\(getpid())-\(number)")
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
        let file = try FileSink(creating: path, mode: BlobWriter.mode)
        let sink = try DigestSink(next: file)
        try content.write(to: sink)
        try sink.finish()
        guard sink.digest == descriptor.digest.hex else {
            throw Failure(.malformed, "the blob \(descriptor.digest) has become sha256:\(sink.digest ?? "")")
        }
    }

    /// Blobs are never written again; layouts of several images share them.
    static let mode: FilePermissions = [.ownerRead, .groupRead, .otherRead]
}
