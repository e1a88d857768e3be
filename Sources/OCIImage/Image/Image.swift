import Diagnostics

/// An image: its manifest and its configuration as values, and the exact bytes that their digests name.
///
/// The layers' blobs stay where they are; a `BlobSource` has them.
package struct Image: Sendable, Hashable {
    package let manifest: Manifest
    package let manifestBytes: [UInt8]
    /// The manifest's digest and size.
    package let descriptor: Descriptor
    package let configuration: ImageConfiguration
    package let configurationBytes: [UInt8]
    /// The layers, from the bottom up.
    package let layers: [ImageLayer]

    package var digest: Digest { descriptor.digest }
    /// The image ID: the digest of the configuration.
    package var id: Digest { manifest.config.digest }
    /// Everything that it is made of: the manifest, the configuration, the layers.
    var blobs: [Descriptor] { [descriptor, manifest.config] + manifest.layers }
    /// The size of the layers' blobs in bytes.
    package var size: Int64 { manifest.layers.reduce(0) { $0 + $1.size } }

    /// Reads an image from its manifest and its configuration.
    /// - Throws: `Failure` when they are not valid, or do not fit each other.
    package init(manifestBytes: [UInt8], configurationBytes: [UInt8]) throws(Failure) {
        let manifest = try CanonicalJSON.decode(Manifest.self, from: manifestBytes, what: "the manifest")
        try Self.check([manifest.config] + manifest.layers)
        let configuration = try CanonicalJSON.decode(
            ImageConfiguration.self, from: configurationBytes, what: "the image's configuration")
        guard manifest.schemaVersion == 2 else {
            throw Failure(.unsupported, "manifests of schema version \(manifest.schemaVersion) are not supported")
        }
        let found = try Digest(of: configurationBytes)
        guard found == manifest.config.digest else {
            throw Failure(.digestMismatch, "the configuration is \(found), not \(manifest.config.digest)")
        }
        let diffIDs = configuration.rootfs.diffIDs
        guard diffIDs.count == manifest.layers.count else {
            throw Failure(
                .malformed, "the manifest has \(manifest.layers.count) layers, the configuration \(diffIDs.count)")
        }
        self.manifest = manifest
        self.manifestBytes = manifestBytes
        self.configuration = configuration
        self.configurationBytes = configurationBytes
        descriptor = try Descriptor(manifest.mediaType ?? .manifest, of: manifestBytes)
        layers = zip(manifest.layers, diffIDs).map { ImageLayer(descriptor: $0, diffID: $1) }
    }

    /// More layers than any engine takes, and more bytes in one than any disk.
    private static let layerLimit = 1000
    private static let sizeLimit: Int64 = 1 << 44

    private static func check(_ blobs: [Descriptor]) throws(Failure) {
        guard blobs.count - 1 <= layerLimit else {
            throw Failure(.overLimit, "the manifest has \(blobs.count - 1) layers, more than \(layerLimit)")
        }
        for blob in blobs where !(0...sizeLimit).contains(blob.size) {
            throw Failure(.overLimit, "the manifest says that \(blob.digest) has \(blob.size) bytes")
        }
    }
}

/// One layer of an image: its blob, and what it unpacks to.
package struct ImageLayer: Sendable, Hashable, Codable {
    package var descriptor: Descriptor
    /// The digest of the uncompressed tar.
    package var diffID: Digest

    package init(descriptor: Descriptor, diffID: Digest) {
        self.descriptor = descriptor
        self.diffID = diffID
    }
}
