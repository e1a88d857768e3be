import Diagnostics
import Files
import Glibc
import SystemPackage

/// A folder of blobs as OCI layouts have it: `sha256/<hex>`.
struct BlobDirectory: Sendable, Hashable {
    let path: FilePath

    init(_ path: FilePath) { self.path = path }

    /// The folder of the blobs.
    var folder: FilePath { path.appending("sha256") }

    /// Where a blob stands.
    func path(of digest: Digest) -> FilePath { folder.appending(digest.hex) }

    /// A blob of the right size.
    func content(_ descriptor: Descriptor) throws(Failure) -> BlobContent {
        let path = path(of: descriptor.digest)
        guard let size = path.fileSize else {
            throw Failure(.notFound, "there is no blob \(descriptor.digest)")
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
            throw Failure(.notFound, "there is no blob \(descriptor.digest)")
        }
        let found = try Digest(of: bytes)
        guard found == descriptor.digest else {
            throw Failure(.digestMismatch, "the blob \(descriptor.digest) has become \(found)")
        }
        return bytes
    }

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
