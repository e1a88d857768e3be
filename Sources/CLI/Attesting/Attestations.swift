import ImageTransports
import Lifecycle
import Materials
import OCIImage

/// Puts beside an image in its registry what it is made of and where it comes from.
struct Attestations {
    let wiring: Wiring

    /// Pushes the bill of materials, which an index has none of, and the statement of the origin.
    /// - Returns: the digests of the documents' manifests.
    func attach(_ attested: PlatformServices.AttestedImage) async throws -> [PlatformServices.AttachedDocument] {
        let registry = wiring.places.registry(attested.name)
        var documents: [PlatformServices.AttachedDocument] = []
        if let image = attested.image {
            let files = ImageFiles(image, blobs: attested.blobs)
            let contents = ImageContentsReader(name: attested.name.fullName, image: image, places: []).contents
            let bill = try await ImageMaterials(files: files, contents: contents).bill()
            let format = MaterialsBill.Format.cycloneDX
            let digest = try await registry.attach(
                Attachment(MediaType(rawValue: format.mediaType), try bill.document(format)), to: attested.digest)
            documents.append(.init(kind: "bill of materials", digest: digest))
        }
        let digest = try await registry.attach(
            Attachment(
                MediaType(rawValue: "application/vnd.in-toto+json"), attested.provenance,
                annotations: ["in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"]), to: attested.digest)
        return documents + [.init(kind: "provenance", digest: digest)]
    }
}
