import Diagnostics
import Files
import Glibc
import SystemPackage

extension StoreTransaction {
    /// Makes an image visible under some names, each by one rename, and ends the transaction.
    ///
    /// Until then, and if it fails, every name keeps the image it had. A name that has the image already is not touched.
    /// - Throws: `Failure` of code `notFound` when a layer was not added.
    package func commit(_ image: Image, as references: [Reference]) async throws(Failure) {
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
        let names = staged.folder.names.filter { name in
            store.blobs.folder.appending(name).fileSize
                != staged.folder.appending(name).fileSize
        }
        for name in names { try staged.folder.appending(name).synchronize() }
        for name in names {
            let place = store.blobs.folder.appending(name)
            try? place.remove()
            guard link(staged.folder.appending(name).string, place.string) == 0 else {
                throw .system(.unwritable, place.string)
            }
        }
    }

    private func publish(_ image: Image, as reference: Reference) throws(Failure) {
        let layout = store.layout(of: reference)
        if try layout.has(image) { return }
        try layout.blobs.folder.makeFolders()
        let writer = BlobWriter(directory: layout.blobs)
        let blobs = [image.descriptor, image.manifest.config] + image.manifest.layers
        for blob in blobs {
            try writer.add(blob, content: try staged.content(blob))
        }
        try layout.publish(image, imageName: reference.fullName)
        store.prune(layout, keeping: Set(blobs.map(\.digest)))
    }
}
