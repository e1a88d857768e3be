import Diagnostics
import OCIImage

extension Exporter {
    /// Puts beside an image in a registry what it is made of and where it comes from.
    func attest(_ image: HeldImage, as name: Reference, _ digest: Digest) async throws {
        let provenance = Provenance(
            image: image.image, request: request, source: source ?? "", version: services.version)
        let statement = try provenance.statement(name: name.fullRepository, digest: digest)
        guard !emit.redactor.holdsSecret(String(decoding: statement, as: UTF8.self)) else {
            throw Failure(
                .exportFailed, "the image's provenance would contain the value of a secret",
                advice: "check the names of the image, the release and the run image")
        }
        let documents = try await services.attest(
            PlatformServices.AttestedImage(
                image: image.image, blobs: image, name: name, digest: digest, provenance: statement))
        for (kind, document) in zip(["bill of materials", "provenance"], documents) {
            emit(.notice("attached the \(kind) to \(name.fullRepository)@\(digest): \(document)"))
        }
    }
}
