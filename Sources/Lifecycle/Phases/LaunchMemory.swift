import Diagnostics
import Files
import SystemPackage

/// A folder in memory for the launch layers of one build.
///
/// The image has them when the build ends, so that nothing of them is written to the disk but their blobs.
struct LaunchMemory {
    private let held: HeldFolder

    var path: FilePath { held.path }

    /// Makes it where there is ample room.
    /// - Parameter previousSize: the bytes of the image before; `nil` if there is none.
    init?(after previousSize: Int64?, in memory: SharedMemory = SharedMemory()) {
        // A record is a file, which may say anything.
        let bytes = previousSize.map { 4 * min(max($0, 0), 1 << 50) + 64 << 20 } ?? 1 << 30
        guard let held = memory.folder(forBytes: bytes) else { return nil }
        self.held = held
    }

    func remove() { held.remove() }
}

extension BuiltLayers {
    /// Takes the layers in memory to the disk after a build that failed, where the user can look at them; not those of one
    /// that was cancelled, or refused because of a secret.
    func keepOnDisk(after error: any Error, _ emit: EventEmitter) {
        let code = (error as? Failure)?.code
        guard !(error is CancellationError), !Task.isCancelled, code != .secretFound, code != .ruleBroken else {
            return
        }
        for part in parts {
            for layer in part.result.layers {
                let place = part.layersDirectory.appending(layer.name)
                guard let folder = layer.folder, !place.exists else { continue }
                do {
                    try folder.moveOrCopy(to: place)
                } catch {
                    try? place.remove()
                    continue
                }
                var kept = layer
                kept.folder = nil
                kept.reason = "kept, because the build failed"
                emit(.layer(.created, LayerSummary(kept, of: part.buildpack.id, in: part.layersDirectory)))
            }
        }
    }
}
