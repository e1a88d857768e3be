import ImageTransports
import Lifecycle
import Materials
import OCIImage

/// Puts beside an image in its registry what it is made of and where it comes from.
struct Attestations {
    let wiring: Wiring

    /// Pushes the bill of materials and the statement of the image's origin.
    /// - Returns: the digests of the two documents' manifests.
    func attach(_ attested: PlatformServices.AttestedImage) async throws -> [Digest] {
        let files = ImageFiles(attested.image, blobs: attested.blobs)
        let name = attested.name.fullName
        let contents = ImageContentsReader(name: name, image: attested.image, places: []).contents
        let bill = try await ImageMaterials(files: files, contents: contents).bill()
        let registry = wiring.places.registry(attested.name)
        let format = MaterialsBill.Format.cycloneDX
        let materials = try await registry.attach(
            Attachment(MediaType(rawValue: format.mediaType), try bill.document(format)), to: attested.digest)
        let provenance = try await registry.attach(
            Attachment(
                MediaType(rawValue: "application/vnd.in-toto+json"), attested.provenance,
                annotations: ["in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"]), to: attested.digest)
        return [materials, provenance]
    }
}
