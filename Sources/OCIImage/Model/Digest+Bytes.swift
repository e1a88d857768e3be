import LayerArchive

extension Digest {
    /// The digest of some bytes.
    /// - Throws: `ImageError` when the library cannot compute it.
    public init(of bytes: [UInt8]) throws(ImageError) {
        try self.init(hex: try archiving { () throws(ArchiveError) in try Sha256.hex(of: bytes) })
    }
}
