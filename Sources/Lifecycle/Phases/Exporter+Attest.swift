import Diagnostics
import OCIImage

extension Exporter {
    /// Puts beside an image in a registry what it is made of and where it comes from.
    ///
    /// Each image of an index gets both, and the index says where it comes from too: policies look at what a name leads to.
    func attest(
        _ image: HeldImage, _ images: MultiPlatformImage?, as name: Reference, _ outcome: WriteOutcome
    ) async throws {
        guard let images else { return try await attest(image.image, image, as: name, outcome.manifestDigest) }
        for (one, digest) in zip(images.images, outcome.imageDigests) {
            try await attest(one, image, as: name, digest)
        }
        try await attest(image.image, image, as: name, outcome.manifestDigest, isIndex: true)
    }

    private func attest(
        _ image: Image, _ blobs: any BlobSource, as name: Reference, _ digest: Digest, isIndex: Bool = false
    ) async throws {
        var provenance = Provenance(image: image, request: request, source: source ?? "", version: services.version)
        if isIndex { provenance.platforms = request.platforms }
        let statement = try provenance.statement(name: name.fullRepository, digest: digest)
        guard !emit.redactor.holdsSecret(String(decoding: statement, as: UTF8.self)) else {
            throw Failure(
                .exportFailed, "the image's provenance would contain the value of a secret",
                advice: "check the names of the image, the release and the run image")
        }
        let attached = try await services.attest(
            PlatformServices.AttestedImage(
                image: isIndex ? nil : image, blobs: blobs, name: name, digest: digest, provenance: statement))
        for document in attached {
            emit(.notice("attached the \(document.kind) to \(name.fullRepository)@\(digest): \(document.digest)"))
        }
    }
}
