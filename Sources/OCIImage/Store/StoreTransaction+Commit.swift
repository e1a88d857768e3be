public import Diagnostics
import Glibc
import SystemPackage

extension StoreTransaction {
    /// Makes an image visible under some names, each by one rename, and ends the transaction.
    ///
    /// Until then, and if it fails, every name keeps the image it had. A name that has the image already is not touched.
    /// - Throws: `Failure` of code `notFound` when a layer was not added.
    public func commit(_ image: Image, as references: [Reference]) async throws(Failure) {
        defer { cancel() }
        try addBlob(image.configurationBytes, mediaType: image.manifest.config.mediaType)
        try addBlob(image.manifestBytes, mediaType: image.descriptor.mediaType)
        for layer in image.layers where !pin(layer.descriptor) {
            throw Failure(.notFound, "the layer \(layer.descriptor.digest) was not added")
        }
        let lock = try FileLock(creating: store.lockFile)
        defer { lock.release() }
        try install()
        for reference in references {
            try publish(image, as: reference)
        }
    }

    /// Links what is staged into the store's blobs; new ones are on the disk before anything names them.
    private func install() throws(Failure) {
        let names = FileSystem.names(in: staged.folder).filter { name in
            FileSystem.size(of: store.blobs.folder.appending(name))
                != FileSystem.size(of: staged.folder.appending(name))
        }
        try FileSystem.synchronize(names.map { staged.folder.appending($0) })
        for name in names {
            let place = store.blobs.folder.appending(name)
            FileSystem.remove(place)
            guard link(staged.folder.appending(name).string, place.string) == 0 else {
                throw .system(.unwritable, place.string)
            }
        }
    }

    private func publish(_ image: Image, as reference: Reference) throws(Failure) {
        let layout = store.layout(of: reference)
        if try layout.has(image) { return }
        try FileSystem.makeDirectory(layout.blobs.folder, mode: 0o700)
        let writer = BlobWriter(directory: layout.blobs)
        let blobs = [image.descriptor, image.manifest.config] + image.manifest.layers
        for blob in blobs {
            try writer.add(blob, content: try staged.content(blob))
        }
        try layout.publish(image, imageName: reference.fullName)
        store.prune(layout, keeping: Set(blobs.map(\.digest)))
    }
}
