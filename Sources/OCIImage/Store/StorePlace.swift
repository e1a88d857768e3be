import Diagnostics

/// One name of the image store, as a place to read from and write to.
package struct StorePlace: Sendable {
    package let store: ImageStore
    package let reference: Reference

    package init(_ store: ImageStore, _ reference: Reference) {
        self.store = store
        self.reference = reference
    }
}

extension StorePlace: ImageSource {
    package func image() async throws(Failure) -> Image {
        guard let image = try store.image(for: reference) else {
            throw Failure(.notFound, "no image \(reference) in the image store")
        }
        return image
    }

    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try await store.blob(descriptor)
    }
}

extension StorePlace: ImageDestination {
    /// Writes the image under the name; blobs that the store has are not read.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        if try store.layout(of: reference).has(NamedContent(image)) {
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: true)
        }
        let transaction = try store.begin()
        try await transaction.addLayers(of: image, from: blobs, progress: progress)
        try await transaction.commit(image, as: [reference])
        return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
    }
}
