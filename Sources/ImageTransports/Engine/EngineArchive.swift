import Diagnostics
import LayerArchive
import OCIImage

/// The tars by which engines take an image, without the layers that they have.
struct EngineArchive {
    let image: Image
    let blobs: any BlobSource

    /// An OCI layout without some layers.
    /// - Parameter name: the whole name that the engine is to give the image; `nil` for none.
    func layout(without known: Set<Digest>, name: String?) async throws(Failure) -> JoinedContent {
        var content = JoinedContent()
        try content.appendDirectory("blobs")
        try content.appendDirectory("blobs/sha256")
        var written = known
        for layer in image.manifest.layers where written.insert(layer.digest).inserted {
            try content.append("blobs/sha256/\(layer.digest.hex)", try await blobs.blob(layer))
        }
        try content.append("blobs/sha256/\(image.id.hex)", .bytes(image.configurationBytes))
        try content.append("blobs/sha256/\(image.digest.hex)", .bytes(image.manifestBytes))
        var entry = image.descriptor
        if let name { entry.annotations = [ImageIndex.imageName: name] }
        try content.append("index.json", .bytes(try CanonicalJSON.encode(ImageIndex(manifests: [entry]))))
        try content.append("oci-layout", .bytes(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)))
        content.append(.bytes(TarEntry.endOfArchive))
        return content
    }

    /// A tar as `docker save` writes it, without the lowest layers.
    func dockerArchive(withoutLowest count: Int, name: Reference) async throws(Failure) -> JoinedContent {
        var content = JoinedContent()
        var written: Set<Digest> = []
        for layer in image.layers.dropFirst(count) where written.insert(layer.diffID).inserted {
            try content.append(path(of: layer), try await blobs.blob(layer.descriptor))
        }
        let manifest = DockerManifest(
            config: "\(image.id.hex).json", repoTags: [name.taggedName], layers: image.layers.map(path))
        try content.append("\(image.id.hex).json", .bytes(image.configurationBytes))
        try content.append("manifest.json", .bytes(try CanonicalJSON.encode([manifest])))
        content.append(.bytes(TarEntry.endOfArchive))
        return content
    }

    private func path(of layer: ImageLayer) -> String { "\(layer.diffID.hex).tar" }
}
