import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// Puts what a machine has compiled and fetched into a cache for other machines.
package struct CacheExport: Sendable {
    let shelves: CacheShelves
    /// The folder for what is not done yet.
    let scratch: FilePath

    package init(shelves: CacheShelves, scratch: FilePath) {
        self.shelves = shelves
        self.scratch = scratch
    }

    /// Makes the image of some entries.
    /// - Parameter old: the cache that is replaced; entries that it has are not read again.
    /// - Throws: `Failure`, `CancellationError`.
    package func image(of names: [String], replacing old: CacheImage? = nil) throws -> (Image, any BlobSource) {
        let blobs = CacheBlobs(old: old?.blobs)
        var entries: [(name: String, layer: ImageLayer)] = []
        for name in Set(names).sorted() {
            try Task.checkCancellation()
            guard let kind = CacheShelves.kind(of: name), let place = shelves.place(of: name), place.exists else {
                continue
            }
            // The names of all others say what is in them.
            if !name.hasSuffix(CacheMetadata.fileName), let known = old?.entries[name] {
                entries.append((name, known))
            } else {
                entries.append((name, try layer(of: place, kind, in: blobs)))
            }
        }
        return (try CacheImage.image(entries), blobs)
    }

    private func layer(of place: FilePath, _ kind: CacheShelves.Kind, in blobs: CacheBlobs) throws -> ImageLayer {
        let file = try ScratchFile(in: scratch)
        let folder = "/" + CacheImage.folder[0]
        let path = folder + "/" + CacheImage.folder[1]
        let item: LayerContents.Item =
            kind == .layers
            ? .copy(place, path: path, mode: 0o600, owner: .root) : .tree(place, at: path, owner: .root)
        let sink = try DigestSink(next: try FileSink(replacing: file.path))
        try LayerContents([.directory(folder, mode: 0o700, owner: .root), item]).write(to: sink)
        let digest = try Digest(hex: sink.digest ?? "")
        blobs.add(digest, file)
        return ImageLayer(
            descriptor: Descriptor(mediaType: .layer, digest: digest, size: sink.count), diffID: digest)
    }
}
