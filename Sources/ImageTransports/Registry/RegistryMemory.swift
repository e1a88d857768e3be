import OCIImage
import Synchronization

/// What this process has seen of registries, so that a push asks for nothing, compresses nothing and sends nothing twice.
///
/// A registry may lose what it had; then a push forgets its repository and starts over.
package final class RegistryMemory: Sendable {
    private struct Packing: Hashable {
        var diffID: Digest
        var compression: MediaType.Compression
    }

    private struct Known {
        /// The repositories that have a blob, by registry.
        var repositories: [String: [Digest: Set<String>]] = [:]
        /// What plain layers became when this process compressed them.
        var packed: [Packing: Descriptor] = [:]
        var images: [String: Image] = [:]
    }

    private let known = Mutex(Known())

    package init() {}

    /// Remembers an image that a repository has.
    func learn(_ image: Image, in endpoint: RegistryEndpoint) {
        known.withLock { $0.images[Self.name(image.digest, endpoint)] = image }
        for blob in image.manifest.layers + [image.manifest.config] { learn(blob.digest, in: endpoint) }
    }

    /// Remembers a blob that a repository has.
    func learn(_ blob: Digest, in endpoint: RegistryEndpoint) {
        known.withLock {
            _ = $0.repositories[endpoint.registry, default: [:]][blob, default: []].insert(endpoint.repository)
        }
    }

    /// Remembers what a plain layer became.
    func learn(_ packed: Descriptor, of diffID: Digest) {
        guard let compression = packed.mediaType.compression else { return }
        known.withLock { $0.packed[Packing(diffID: diffID, compression: compression)] = packed }
    }

    /// Forgets everything of a repository.
    func forget(_ endpoint: RegistryEndpoint) {
        known.withLock { known in
            known.images = known.images.filter { !$0.key.hasPrefix("\(endpoint.registry)/\(endpoint.repository)@") }
            known.repositories[endpoint.registry] = known.repositories[endpoint.registry]?.mapValues {
                $0.subtracting([endpoint.repository])
            }
        }
    }

    /// An image that the repository has.
    func image(_ digest: Digest, in endpoint: RegistryEndpoint) -> Image? {
        known.withLock { $0.images[Self.name(digest, endpoint)] }
    }

    /// Whether the repository has a blob.
    func has(_ blob: Digest, in endpoint: RegistryEndpoint) -> Bool {
        known.withLock { $0.repositories[endpoint.registry]?[blob]?.contains(endpoint.repository) == true }
    }

    /// Another repository of the same registry that has a blob.
    func neighbour(with blob: Digest, of endpoint: RegistryEndpoint) -> String? {
        known.withLock { $0.repositories[endpoint.registry]?[blob]?.filter { $0 != endpoint.repository }.min() }
    }

    /// What a plain layer became when it was compressed.
    func packed(_ diffID: Digest, _ compression: MediaType.Compression) -> Descriptor? {
        known.withLock { $0.packed[Packing(diffID: diffID, compression: compression)] }
    }

    private static func name(_ digest: Digest, _ endpoint: RegistryEndpoint) -> String {
        "\(endpoint.registry)/\(endpoint.repository)@\(digest)"
    }
}
