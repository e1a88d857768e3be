public import Diagnostics
import LayerArchive

extension Digest {
    /// The digest of some bytes.
    /// - Throws: `Failure` when the library cannot compute it.
    public init(of bytes: [UInt8]) throws(Failure) {
        try self.init(hex: try Sha256.hex(of: bytes))
    }
}
