import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// A sink that compares what it takes with the bytes of a blob, which is cheaper than to hash them again.
final class BlobComparison: ByteSink {
    /// Whether all that came so far is what the blob begins with.
    private(set) var isSame: Bool
    private let blob: FileDescriptor?

    /// - Parameter path: the blob's file; one that cannot be read is not the same.
    init(_ path: FilePath) {
        blob = try? FileDescriptor.open(path.nameBytes, .readOnly, options: .closeOnExec)
        isSame = blob != nil
    }

    deinit { try? blob?.close() }

    func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes
        while isSame, !rest.isEmpty, let blob {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 18))
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
            let there = blob.filled(part.count) ?? []
            isSame =
                there.count == part.count
                && there.withUnsafeBytes { own in
                    guard let one = own.baseAddress, let other = part.baseAddress else { return false }
                    return memcmp(one, other, part.count) == 0
                }
        }
    }

    func finish() throws(Failure) {}
}
