import Diagnostics
import OCIImage
import Synchronization

/// The layers of a new cache: files of this machine, and those that only the cache which is replaced has.
final class CacheBlobs: BlobSource {
    private let old: (any BlobSource)?
    private let files = Mutex<[Digest: ScratchFile]>([:])

    init(old: (any BlobSource)?) { self.old = old }

    func add(_ digest: Digest, _ file: ScratchFile) { files.withLock { $0[digest] = file } }

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        if let file = files.withLock({ $0[descriptor.digest] }) {
            return .file(file.path, offset: 0, size: descriptor.size)
        }
        guard let old else { throw Failure(.notFound, "no blob \(descriptor.digest)") }
        return try await old.blob(descriptor)
    }
}
