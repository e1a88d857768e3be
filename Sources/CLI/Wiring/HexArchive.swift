import Diagnostics
import Files
import LayerArchive
import Lifecycle
import SystemPackage

/// The archive of a package of Hex: a tar with the metadata and the compressed contents.
///
/// See [the specification](https://github.com/hexpm/specifications/blob/main/package_tarball.md).
struct HexArchive {
    let file: FilePath

    private static let limit = 512 << 20

    /// Unpacks it as Hex does: the contents, and the metadata as `hex_metadata.config`.
    /// - Throws: `Failure` of code `malformed` if something is missing in it; for what cannot be read or written.
    func unpack(to folder: FilePath) throws {
        var contents: [UInt8]?
        var metadata: [UInt8]?
        let reader = try TarReader(.file(file))
        while let entry = try reader.next() {
            switch entry.path {
            case "contents.tar.gz": contents = try reader.content(limit: Self.limit)
            case "metadata.config": metadata = try reader.content(limit: Self.limit)
            default: continue
            }
        }
        guard let contents, let metadata else { throw Failure(.malformed, "\(file) is not a package of Hex") }
        try RootUnpacking(to: folder, isExact: true).unpack(.bytes(contents))
        try folder.appending("hex_metadata.config").replace(with: metadata)
    }
}
