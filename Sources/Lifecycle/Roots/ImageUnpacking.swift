import Files
import Glibc
import OCIImage
import SystemPackage

/// An image's files in a folder, as a container would see them; owners and devices are left out.
struct ImageUnpacking {
    let store: ImageStore
    /// The folder of all unpacked images.
    let folder: FilePath

    /// Folders that a container's own file systems go to.
    private static let mounts = ["proc", "dev", "tmp", "layers", "workspace", "cnb"]

    private static let mostImages = 4

    /// The folder of an image; unpacked the first time.
    /// - Throws: `Failure`, `CancellationError`.
    func files(of image: Image) async throws -> FilePath {
        let place = folder.appending(String(image.digest.hex.prefix(12)))
        if place.exists { return place }
        try folder.makeFolders()
        let new = FilePath("\(place).new.\(getpid())")
        try new.remove()
        try new.makeFolders()
        do {
            let unpacking = RootUnpacking(to: new)
            for layer in image.layers { try unpacking.unpack(try await store.blob(layer.descriptor).input) }
            try unpacking.makeFolders(Self.mounts)
        } catch {
            try? new.remove()
            throw error
        }
        if Glibc.rename(new.nameBytes, place.nameBytes) != 0 { try? new.remove() }
        sweep()
        return place
    }

    /// Removes all but the last few images, and what killed builds left.
    private func sweep() {
        let folders = folder.names.map(folder.appending).sorted { age($0) < age($1) }
        for old in folders.dropLast(Self.mostImages) { try? old.remove() }
    }

    private func age(_ folder: FilePath) -> Int64 { FileStamp(of: folder)?.modified ?? 0 }
}
