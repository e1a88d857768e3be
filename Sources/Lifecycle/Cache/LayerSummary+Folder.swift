import BuildpackAPI
import SystemPackage

extension LayerSummary {
    /// A layer as a buildpack left it, with the size of its folder.
    init(_ layer: LayerContribution, of buildpack: String, in layers: FilePath) {
        let folder = layers.appending(layer.name)
        let size = FolderSize(of: folder)
        self.init(
            buildpack: buildpack, name: layer.name, types: layer.types, size: size.bytes, files: size.files,
            reason: layer.reason.isEmpty ? nil : layer.reason, directory: folder.string)
    }
}
