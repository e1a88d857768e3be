import Diagnostics
import Files
import SystemPackage

/// Where mix assembles a release before it is split into layers, and where the layers go.
///
/// In memory the layers are folders of the build's own. On the disk a first release is assembled beside the layers and moved
/// into them. One that follows another is assembled in memory where there is ample room, because all but a few of its files
/// are the same again: only the layers that differ are then written to the disk.
struct AssemblyFolder {
    let path: FilePath
    /// The folder that the layers go into.
    let layers: FilePath
    private let held: HeldFolder?

    /// Makes it, empty.
    /// - Parameters:
    ///   - layers: the buildpack's layers folder, with the release before where there is one.
    ///   - memory: where a release is assembled that follows another.
    init(for layers: FilePath, memory: SharedMemory = SharedMemory()) throws(Failure) {
        let previous = ReleaseLayers.names.reduce(0) { $0 + layers.appending($1).treeSize }
        guard previous > 0, let held = memory.folder(forBytes: 4 * previous + 64 << 20) else {
            self = try AssemblyFolder(beside: layers)
            return
        }
        (path, self.layers, self.held) = (held.path, layers, held)
    }

    /// Makes the folder beside the layers, in their file system, empty.
    init(beside layers: FilePath) throws(Failure) {
        path = try ScratchFolder(at: layers.appending(".assembled")).path
        self.layers = layers
        held = nil
    }

    /// Removes it with all it holds; what cannot be removed stays.
    func remove() {
        if let held { held.remove() } else { try? path.remove() }
    }

    /// Whether its file system has no room left, so that what failed there may go well elsewhere.
    var isFull: Bool { path.freeSpace < 16 << 20 }
}
