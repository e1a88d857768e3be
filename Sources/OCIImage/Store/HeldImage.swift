import Diagnostics

/// An image of the store while it is read: its blobs stay as long as this value, whatever happens to its names.
///
/// The hold is a staging folder with links to the blobs. If its process is killed, the next write or prune of the store
/// removes the folder, and with it what nothing else has.
package final class HeldImage: Sendable {
    package let image: Image
    private let transaction: StoreTransaction

    init(_ image: Image, _ transaction: StoreTransaction) {
        self.image = image
        self.transaction = transaction
    }

    deinit {
        let names = transaction.staged.folder.names
        transaction.cancel()
        transaction.store.removeUnused(names)
    }
}

extension HeldImage: BlobSource {
    /// A blob whose content was checked, as the store gives it.
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try transaction.staged.checked(descriptor, known: transaction.store.known)
    }
}

extension ImageStore {
    /// Holds an image for a reader.
    /// - Throws: `Failure` of code `notFound` if a blob of it is gone.
    package func hold(_ image: Image) throws(Failure) -> HeldImage {
        let transaction = try begin()
        try transaction.hold(NamedContent(image))
        return HeldImage(image, transaction)
    }

    /// Holds an image that somebody remembers, as long as it is the same and all of it is there.
    /// - Parameters:
    ///   - name: the name that it had.
    ///   - stamp: what its files looked like (`stamp(of:)`); `nil` does not ask.
    /// - Returns: `nil` where the name leads to nothing or to another image, or somebody wrote to its files.
    package func held(_ name: String, _ digest: Digest, stamp: String? = nil) -> (
        reference: Reference, image: HeldImage
    )? {
        guard let reference = try? Reference(name), let image = try? image(for: reference), image.digest == digest,
            let held = try? hold(image), let found = self.stamp(of: image), stamp == nil || stamp == found
        else { return nil }
        return (reference, held)
    }

    /// Gives what a name leads to, one image or those of several platforms, more names.
    /// - Throws: `Failure` of code `notFound` if the name leads to nothing, or a blob is gone.
    package func copy(_ source: Reference, as names: [Reference]) async throws(Failure) {
        if let images = try images(for: source) {
            let held = try hold(images)
            let transaction = try begin()
            for image in images.images { try await transaction.addLayers(of: image, from: held) }
            _ = try await transaction.commit(images, as: names)
            return
        }
        guard let image = try image(for: source) else {
            throw Failure(.notFound, "no image \(source) in the image store")
        }
        let held = try hold(image)
        let transaction = try begin()
        try await transaction.addLayers(of: image, from: held)
        try await transaction.commit(image, as: names)
    }

    /// Holds the images of several platforms for a reader.
    /// - Returns: The image for this machine; it has the blobs of the others too.
    /// - Throws: `Failure` of code `notFound` if a blob of one is gone.
    package func hold(_ images: MultiPlatformImage) throws(Failure) -> HeldImage {
        let transaction = try begin()
        try transaction.hold(NamedContent(images))
        return HeldImage(images.image(), transaction)
    }
}
