import Diagnostics
import Digests
import LayerArchive

extension Digest {
    /// The digest of some bytes.
    /// - Throws: `Failure` when the library cannot compute it.
    package init(of bytes: [UInt8]) throws(Failure) {
        try self.init(hex: try MessageDigest.hex(of: bytes))
    }
}
