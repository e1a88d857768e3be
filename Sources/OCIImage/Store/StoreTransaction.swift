import Diagnostics
import Files
import Glibc
import LayerArchive
import Synchronization
import SystemPackage

/// A write to the store that nobody sees until it is committed.
///
/// Blobs gather in a staging folder that is locked as long as the transaction lives, so that what a killed process leaves
/// behind is known as such. Layers may be added from several tasks at once.
package final class StoreTransaction: Sendable {
    let store: ImageStore
    let folder: FilePath
    let staged: BlobDirectory
    private let lock: FileLock
    private let counter = Atomic<Int>(0)
    private let isOpen = Mutex(true)

    init(store: ImageStore) throws(Failure) {
        self.store = store
        try store.blobs.folder.makeFolders()
        try store.staging.makeFolders()
        let storeLock = try FileLock(creating: store.lockFile)
        defer { storeLock.release() }
        Self.sweep(store.staging)
        folder = store.staging.appending(FilePath.uniqueName())
        staged = BlobDirectory(folder)
        try staged.folder.makeFolders()
        lock = try FileLock(creating: folder.appending("lock"))
    }

    deinit { cancel() }

    /// Removes everything that was not committed; doing so twice is fine.
    package func cancel() {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        guard wasOpen else { return }
        try? folder.remove()
        lock.release()
    }

    /// Adds a layer.
    ///
    /// A layer that the store has is not written again. With `expecting`, the digest it had the last time, it is only hashed
    /// at first, and written when it differs.
    /// - Returns: the layer, an uncompressed tar, what it holds, and whether the store had it already.
    /// - Throws: `Failure` that names the file that could not be read or written.
    package func addLayer(
        _ contents: LayerContents, expecting: Digest? = nil
    ) async throws(Failure) -> (layer: ImageLayer, content: ContentSize, wasThere: Bool) {
        if let expecting, let (layer, content) = try unchanged(contents, expecting) { return (layer, content, true) }
        let temporary = folder.appending("layer-\(counter.add(1, ordering: .relaxed).newValue)")
        let sink = try DigestSink(next: try FileSink(creating: temporary, mode: BlobDirectory.mode))
        let content = try contents.write(to: sink)
        let digest = try Digest(hex: sink.digest ?? "")
        let descriptor = Descriptor(mediaType: .layer, digest: digest, size: sink.count)
        let layer = ImageLayer(descriptor: descriptor, diffID: digest)
        if pin(descriptor) {
            try? temporary.remove()
            return (layer, content, true)
        }
        try temporary.move(to: staged.path(of: digest))
        return (layer, content, false)
    }

    /// Takes a layer that the store has, without looking at its contents again; `false` where it is gone.
    package func reuseLayer(_ layer: ImageLayer) -> Bool { pin(layer.descriptor) }

    /// Takes a plain layer that the store has, by its digest; `nil` if it does not have it.
    package func reusePlainLayer(_ diffID: Digest) -> ImageLayer? {
        guard let size = store.blobs.path(of: diffID).fileSize else { return nil }
        let layer = ImageLayer(
            descriptor: Descriptor(mediaType: .layer, digest: diffID, size: size), diffID: diffID)
        return reuseLayer(layer) ? layer : nil
    }

    /// Adds a layer of an image that is elsewhere, as a plain tar.
    /// - Throws: `Failure` of code `digestMismatch` if it unpacks to something else than the image says.
    package func addPlainLayer(_ layer: ImageLayer, from blobs: any BlobSource) async throws(Failure) -> ImageLayer {
        let content = try await blobs.blob(layer.descriptor)
        let temporary = folder.appending("layer-\(counter.add(1, ordering: .relaxed).newValue)")
        let sink = try DigestSink(next: try FileSink(creating: temporary, mode: BlobDirectory.mode))
        if layer.descriptor.mediaType.compression == MediaType.Compression.none {
            try content.write(to: sink)
        } else {
            try Decompression.copy(content.input, to: sink, limit: TarLimits().totalSize)
        }
        try sink.finish()
        guard sink.digest == layer.diffID.hex else {
            try? temporary.remove()
            throw Failure(
                .digestMismatch,
                "the layer \(layer.descriptor.digest) unpacks to sha256:\(sink.digest ?? ""), not \(layer.diffID)")
        }
        try temporary.move(to: staged.path(of: layer.diffID))
        let descriptor = Descriptor(mediaType: .layer, digest: layer.diffID, size: sink.count)
        return ImageLayer(descriptor: descriptor, diffID: layer.diffID)
    }

    @discardableResult
    package func addBlob(_ bytes: [UInt8], mediaType: MediaType) throws(Failure) -> Descriptor {
        let descriptor = try Descriptor(mediaType, of: bytes)
        try add(descriptor, content: .bytes(bytes))
        return descriptor
    }

    /// Adds the layers of an image, such as the run image; those that the store has are not read.
    package func addLayers(
        of image: Image, from blobs: any BlobSource, progress: BlobProgress? = nil
    ) async throws(Failure) {
        var done: Int64 = 0
        for layer in image.layers {
            if !pin(layer.descriptor) {
                try add(layer.descriptor, content: try await blobs.blob(layer.descriptor))
            }
            done += layer.descriptor.size
            progress?(done, image.size)
        }
    }

    /// The bytes of a blob that was added, as long as the transaction is open.
    package func content(of descriptor: Descriptor) throws(Failure) -> BlobContent { try staged.content(descriptor) }

    private func add(_ descriptor: Descriptor, content: BlobContent) throws(Failure) {
        if pin(descriptor) { return }
        try staged.add(descriptor, content: content)
    }

    /// Links a blob of the store into the staging folder, so that no one can remove it in the meantime.
    func pin(_ descriptor: Descriptor) -> Bool {
        if staged.has(descriptor) { return true }
        // A blob with other bytes is as good as none: the right ones take its place.
        guard (try? store.blobs.checked(descriptor, known: store.known)) != nil else { return false }
        return holds(descriptor)
    }

    /// Links a blob of the store into the staging folder without reading it; `false` if it is gone.
    private func holds(_ descriptor: Descriptor) -> Bool {
        // Under the lock: a removal that found no link to the blob must not remove it after this one is made.
        guard let lock = try? FileLock(creating: store.lockFile) else { return false }
        defer { lock.release() }
        let source = store.blobs.path(of: descriptor.digest)
        return link(source.string, staged.path(of: descriptor.digest).string) == 0 || staged.has(descriptor)
    }

    /// Holds the blobs of an image that the store has, for a reader.
    /// - Throws: `Failure` of code `notFound` if one is gone.
    func hold(_ content: NamedContent) throws(Failure) {
        for blob in content.blobs where !holds(blob) {
            throw Failure(
                .notFound,
                "\(store.blobs.path(of: blob.digest)) is gone: somebody removed the image \(content.entry.digest.short), or a part of it",
                advice: "build or fetch the image again")
        }
    }

    private func unchanged(
        _ contents: LayerContents, _ expecting: Digest
    ) throws(Failure) -> (ImageLayer, ContentSize)? {
        let path = store.blobs.path(of: expecting)
        guard let stamp = FileStamp(behind: path), stamp.kind == .file else { return nil }
        let blob = BlobComparison(path)
        let sink = try DigestSink(next: blob)
        let content = try contents.write(to: sink)
        guard sink.digest == expecting.hex, sink.count == stamp.size else { return nil }
        if blob.isSame { store.known.add(expecting, stamp) }
        let descriptor = Descriptor(mediaType: .layer, digest: expecting, size: stamp.size)
        let layer = ImageLayer(descriptor: descriptor, diffID: expecting)
        return reuseLayer(layer) ? (layer, content) : nil
    }

    /// Removes the staging folders and scratch files that no living process holds.
    static func sweep(_ staging: FilePath) {
        for name in staging.names {
            let path = staging.appending(name)
            let held = path.fileSize != nil ? path : path.appending("lock")
            let lock = FileLock(ifFree: held)
            if lock != nil || held.fileSize == nil { try? path.remove() }
            lock?.release()
        }
    }

    /// Makes an image visible under some names, each by one rename, and ends the transaction.
    ///
    /// Until then, and if it fails, every name keeps the image it had. A name that has the image already is not touched.
    /// - Returns: The image for those who read it next: whoever removes its name meanwhile, its blobs stay.
    /// - Throws: `Failure` of code `notFound` when a layer was not added.
    @discardableResult
    package func commit(_ image: Image, as references: [Reference]) async throws(Failure) -> HeldImage {
        try commit(NamedContent(image), as: references)
        return HeldImage(image, self)
    }

    /// Makes the images of several platforms visible under some names, as `commit(_:as:)` does with one.
    /// - Returns: The image for this machine; it has the blobs of the others too.
    package func commit(_ images: MultiPlatformImage, as references: [Reference]) async throws(Failure) -> HeldImage {
        try commit(NamedContent(images), as: references)
        return HeldImage(images.image(), self)
    }

    private func commit(_ content: NamedContent, as references: [Reference]) throws(Failure) {
        do throws(Failure) {
            try write(content, as: references)
        } catch {
            cancel()
            throw error
        }
    }

    private func write(_ content: NamedContent, as references: [Reference]) throws(Failure) {
        for document in content.documents { try add(document.descriptor, content: .bytes(document.bytes)) }
        for layer in content.layers where !pin(layer) {
            // What is wrong with it says more.
            if store.contains(layer.digest) { _ = try store.blobs.checked(layer, known: store.known) }
            throw Failure(
                .notFound,
                "the layer \(layer.digest) was not added: \(store.blobs.path(of: layer.digest)) is missing",
                advice: "build or fetch the image again")
        }
        let lock = try FileLock(creating: store.lockFile)
        defer { lock.release() }
        try install()
        for reference in references {
            try publish(content, as: reference)
        }
    }

    /// Links what is staged into the store's blobs; new ones are on the disk before anything names them.
    private func install() throws(Failure) {
        let names = staged.folder.names.filter { name in
            FileStamp(behind: store.blobs.folder.appending(name))?.inode
                != FileStamp(behind: staged.folder.appending(name))?.inode
        }
        for name in names { try staged.folder.appending(name).synchronize() }
        for name in names {
            let place = store.blobs.folder.appending(name)
            try? place.remove()
            guard link(staged.folder.appending(name).string, place.string) == 0 else {
                throw .system(.unwritable, place.string)
            }
        }
        try store.replaceInLayouts(Set(names))
    }

    private func publish(_ content: NamedContent, as reference: Reference) throws(Failure) {
        let layout = store.layout(of: reference)
        if try layout.has(content) { return }
        try layout.blobs.folder.makeFolders()
        for blob in content.blobs { try layout.blobs.add(blob, content: try staged.content(blob)) }
        try layout.publish(content, imageName: reference.fullName)
        store.prune(layout, keeping: Set(content.blobs.map(\.digest)))
    }
}
