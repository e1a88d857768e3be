import Diagnostics
import Files
import Glibc
import SystemPackage

extension ImageStore {
    /// The images of the store, by name; what cannot be read is left out.
    package func list() throws(Failure) -> [StoredImage] {
        var found: [StoredImage] = []
        collect(root.appending("layouts"), into: &found)
        return found.sorted { $0.reference.description < $1.reference.description }
    }

    private func collect(_ folder: FilePath, into found: inout [StoredImage]) {
        for name in folder.names where name != "sha256" || folder.lastComponent?.string != "blobs" {
            let path = folder.appending(name)
            if name == "index.json" {
                if let stored = try? stored(in: folder) { found.append(stored) }
            } else if isDirectory(path) {
                collect(path, into: &found)
            }
        }
    }

    private func stored(in folder: FilePath) throws(Failure) -> StoredImage? {
        let layout = LayoutDirectory(folder, tag: nil)
        guard let entry = try layout.readIndex()?.manifests.first,
            let name = entry.annotations?[ImageIndex.imageName]
        else { return nil }
        let image = try layout.readImage()
        var status = stat()
        guard stat(layout.indexFile.string, &status) == 0 else { return nil }
        return StoredImage(
            reference: try Reference(name), digest: image.digest, id: image.id, size: image.size,
            time: Int64(status.st_mtim.tv_sec))
    }

    private func isDirectory(_ path: FilePath) -> Bool {
        var status = stat()
        return lstat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
