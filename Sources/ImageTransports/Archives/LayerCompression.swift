import Diagnostics
import LayerArchive
import OCIImage

/// Tells how a layer is compressed by its first bytes (RFC 1952, RFC 8878).
enum LayerCompression {
    static func detect(_ content: BlobContent) throws(Failure) -> MediaType.Compression {
        let sink = MemorySink(limit: 4)
        try content.part(from: 0, size: 4).write(to: sink)
        if sink.bytes.starts(with: [0x1f, 0x8b]) { return .gzip }
        if sink.bytes == [0x28, 0xb5, 0x2f, 0xfd] { return .zstd }
        return .none
    }
}
