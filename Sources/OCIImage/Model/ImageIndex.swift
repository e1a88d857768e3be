import Diagnostics

/// A list of manifests, such as the `index.json` of a layout.
///
/// Mirrors the
/// [OCI image specification, Image Index](https://github.com/opencontainers/image-spec/blob/main/image-index.md).
package struct ImageIndex: Sendable, Hashable, Codable {
    /// The annotation that names a manifest within a layout.
    package static let referenceName = "org.opencontainers.image.ref.name"
    /// The annotation under which containerd, Docker and Podman look for an image's whole name.
    package static let imageName = "io.containerd.image.name"

    package var schemaVersion = 2
    /// The index's own type, where it says.
    package var mediaType: MediaType? = .index
    /// The manifests, or indexes again.
    package var manifests: [Descriptor]
    package var annotations: [String: String]?

    package init(manifests: [Descriptor] = []) {
        self.manifests = manifests
    }

    /// The entry for a platform; one without a variant fits every variant.
    /// - Throws: `Failure` that names the platforms there are.
    package func manifest(for platform: Platform) throws(Failure) -> Descriptor {
        let found = manifests.first { entry in
            guard let offered = entry.platform else { return false }
            return offered.os == platform.os && offered.architecture == platform.architecture
                && (platform.variant == nil || offered.variant == nil || offered.variant == platform.variant)
        }
        if let found { return found }
        let images = manifests.filter { !$0.isAttestation }
        if images.count == 1, let only = images.first, only.platform == nil { return only }
        let offered = images.map { $0.platform?.description ?? "a platform that it does not name" }
        throw Failure(
            .notFound,
            "no image for \(platform)" + (offered.isEmpty ? "" : ", only for \(offered.joined(separator: ", "))"))
    }
}

extension Descriptor {
    /// Whether it is what BuildKit attests of an image, beside it in the index; that is for no platform.
    fileprivate var isAttestation: Bool {
        platform?.os == "unknown" || annotations?["vnd.docker.reference.type"] == "attestation-manifest"
    }
}
