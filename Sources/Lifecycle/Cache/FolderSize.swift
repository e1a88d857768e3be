import BuildpackAPI
import Files
import SystemPackage

/// How many files a folder holds, and their bytes; links count as files of no size.
struct FolderSize {
    private(set) var files = 0
    private(set) var bytes: Int64 = 0

    init(of folder: FilePath) { visit(folder) }

    private mutating func visit(_ folder: FilePath) {
        for name in folder.names {
            let path = folder.appending(name)
            guard let stamp = FileStamp(of: path) else { continue }
            if stamp.kind == .folder {
                visit(path)
            } else {
                files += 1
                bytes += stamp.kind == .file ? stamp.size : 0
            }
        }
    }
}

extension LayerSummary {
    /// A layer as a buildpack left it, with the size of its folder.
    init(_ layer: LayerContribution, of buildpack: String, in layers: FilePath) {
        let folder = layer.folder ?? layers.appending(layer.name)
        let size = FolderSize(of: folder)
        self.init(
            buildpack: buildpack, name: layer.name, types: layer.types, size: size.bytes, files: size.files,
            reason: layer.reason.isEmpty ? nil : layer.reason, directory: folder.string)
    }
}
