import Diagnostics
import LayerArchive
import SystemPackage

extension FileTree {
    /// Reads a folder on the disk, such as a layer that is kept for the build; links are not followed, nothing is marked.
    /// - Throws: `Failure` when the folder cannot be read.
    package init(directory: FilePath) throws(Failure) {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        try FolderScan(directory).run { entry in builder.add(entry) }
        // Marks are about the last layer, and this one changes nothing.
        builder.beginLayer(1)
        self = builder.tree(.merged)
    }
}
