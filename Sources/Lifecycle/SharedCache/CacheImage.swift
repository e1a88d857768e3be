import Diagnostics
import OCIImage

/// A cache as an image: one layer for each entry, and a label that says which layer is which entry.
///
/// The label is the index: an entry counts only if its layer unpacks to the digest that the index gives.
package struct CacheImage: Sendable {
    /// The label with the index.
    static let label = "io.mixpack.cache"
    private static let format = 1

    private struct Index: Codable {
        var format: Int
        /// The digests of the entries' plain tars, by name.
        var entries: [String: String]
    }

    let image: Image
    let blobs: any BlobSource
    /// The layers by the names of their entries.
    let entries: [String: ImageLayer]

    /// Reads an image's index.
    /// - Throws: `Failure` if it is not a cache, or one of another version of mixpack.
    package init(_ image: Image, blobs: any BlobSource) throws(Failure) {
        guard let text = image.configuration.config.labels[Self.label] else {
            throw Failure(
                .malformed, "it is an image, but not a cache", advice: "give the cache a name that no image has")
        }
        let index = try CanonicalJSON.decode(Index.self, from: Array(text.utf8), what: "the index of the cache")
        guard index.format == Self.format else {
            throw Failure(.unsupported, "it is of another version of mixpack")
        }
        let layers = Dictionary(image.layers.map { ($0.diffID.description, $0) }) { first, _ in first }
        self.image = image
        self.blobs = blobs
        entries = index.entries.compactMapValues { layers[$0] }
    }

    /// Makes the image of a cache.
    static func image(_ entries: [(name: String, layer: ImageLayer)]) throws(Failure) -> Image {
        var builder = ImageBuilder()
        for entry in entries { builder.append(entry.layer, createdBy: "mixpack: cache: \(entry.name)") }
        let digests = entries.map { ($0.name, $0.layer.diffID.description) }
        let index = Index(format: format, entries: Dictionary(digests) { first, _ in first })
        builder.configuration.created = CreationTime.fixedText
        builder.configuration.config.labels[label] = try CanonicalJSON.text(index)
        return try builder.image()
    }

    /// The folder in a layer that its entry is in.
    static let folder = ["mixpack-cache", "entry"]
}
