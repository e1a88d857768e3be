import OCIImage

/// The image of this name from the build before, and what its labels say of its layers.
struct PreviousImage {
    var image: Image
    var metadata: LifecycleMetadata

    init(_ image: Image) {
        self.image = image
        metadata = LifecycleMetadata(of: image)
    }

    /// The layer of a digest, where the image has it.
    func layer(_ diffID: Digest) -> ImageLayer? { image.layers.first { $0.diffID == diffID } }

    /// The digest that a buildpack's layer has in the image.
    func diffID(buildpack: String, layer: String) -> Digest? {
        metadata.layers(of: buildpack)[layer].flatMap { try? Digest($0.sha) }
    }
}
