import OCIImage

/// The image that has the name now, or another one that the user named, and what its labels say of its layers.
struct PreviousImage {
    var image: Image
    /// What has its blobs: the store, or a place from which each would have to be fetched.
    var blobs: any BlobSource
    /// Where it is, if that is not the store.
    var place: ImagePlace?
    var metadata: LifecycleMetadata
    /// The last build's record, where it is the build that made the image.
    var record: BuildRecord?

    init(_ image: Image, blobs: any BlobSource, at place: ImagePlace? = nil, record: BuildRecord? = nil) {
        self.image = image
        self.blobs = blobs
        self.place = place
        self.record = record?.manifestDigest == image.digest ? record : nil
        metadata = LifecycleMetadata(of: image)
    }

    func layer(_ diffID: Digest) -> ImageLayer? { image.layers.first { $0.diffID == diffID } }

    /// The digest that a layer has in the image; the lifecycle's own layers have no buildpack.
    func diffID(buildpack: String?, layer: String) -> Digest? {
        let recorded = record?.layers.last { $0.buildpack == buildpack && $0.name == layer }
        guard let buildpack else { return recorded?.diffID ?? own(layer) }
        return recorded?.diffID ?? labelled(buildpack: buildpack, layer: layer)
    }

    /// The digest that the label gives to a layer of the lifecycle's own.
    private func own(_ layer: String) -> Digest? {
        let known = [
            "launcher": metadata.launcher, "config": metadata.config, "process-types": metadata.processTypes,
            "sbom": metadata.sbom, "app": metadata.app?.first,
        ]
        return known[layer].flatMap { $0 }.flatMap { try? Digest($0.sha) }
    }

    /// The digest that the label gives to a buildpack's layer.
    func labelled(buildpack: String, layer: String) -> Digest? {
        metadata.layers(of: buildpack)[layer].flatMap { try? Digest($0.sha) }
    }
}
