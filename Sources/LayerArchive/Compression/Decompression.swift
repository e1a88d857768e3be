internal import CArchive
import Diagnostics

/// Undoes gzip, zstd, bzip2 or xz.
package enum Decompression {
    /// Passes the plain bytes of an input to a sink, which is not finished; what is not compressed is passed as it is.
    /// - Throws: `Failure`, also of code `overLimit` when there are more than `limit` bytes.
    package static func copy(_ input: ArchiveInput, to sink: any ByteSink, limit: Int64) throws(Failure) {
        let reader = try RawReader(input)
        var left = limit
        while let part = try reader.next() {
            left -= Int64(part.count)
            guard left >= 0 else { throw Failure(.overLimit, "it unpacks to more than \(limit) bytes") }
            try sink.write(part)
        }
    }
}
