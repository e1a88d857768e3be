import Files
import LayerArchive
import OCIImage

extension BlobContent {
    /// The blob as an archive to be read.
    var archive: ArchiveInput {
        switch self {
        case .bytes(let bytes): .bytes(bytes)
        case .file(let path, let offset, let size): .file(path, offset: offset, size: size)
        }
    }
}
