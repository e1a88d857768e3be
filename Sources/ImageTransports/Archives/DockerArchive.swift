import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// An image in a tar as `docker save` writes it: `docker-archive:FILE`.
package struct DockerArchive: Sendable {
    package let file: FilePath
    /// The image's name; a file that is read may be without one.
    package let reference: Reference?
    let archive: ArchiveFile

    /// Takes a file, which need not be there yet when it is written to.
    /// - Parameter folder: where an archive that is compressed as a whole is unpacked to read it.
    package init(_ file: FilePath, reference: Reference?, temporaryFolder folder: FilePath = "/tmp") {
        self.file = file
        self.reference = reference
        archive = ArchiveFile(file, temporaryFolder: folder)
    }
}

extension DockerArchive: ImageDestination {
    /// Writes the file anew, unless it holds the image already.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        let names = reference.map { [$0] } ?? []
        let content = try await Self.content(image, blobs, names: names)
        if ImageArchive.hasSize(content.size, file), try holds(image, names) {
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: true)
        }
        try ImageArchive.write(content, to: file, progress: progress)
        archive.forget()
        return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
    }

    /// The archive as a content, for files and engines alike.
    static func content(
        _ image: Image, _ blobs: any BlobSource, names: [Reference]
    ) async throws(Failure) -> JoinedContent {
        var layers: [(path: String, content: BlobContent)] = []
        for layer in image.layers where !layers.contains(where: { $0.path == path(of: layer) }) {
            layers.append((path(of: layer), try await blobs.blob(layer.descriptor)))
        }
        let manifest = try CanonicalJSON.encode([manifest(image, names)])
        var content = JoinedContent()
        for layer in layers { try content.append(layer.path, layer.content) }
        try content.append("\(image.id.hex).json", .bytes(image.configurationBytes))
        try content.append("manifest.json", .bytes(manifest))
        content.append(.bytes(TarEntry.endOfArchive))
        return content
    }

    private static func manifest(_ image: Image, _ names: [Reference]) -> DockerManifest {
        DockerManifest(
            config: "\(image.id.hex).json", repoTags: names.map(\.taggedName), layers: image.layers.map(path))
    }

    private static func path(of layer: ImageLayer) -> String { "\(layer.descriptor.digest.hex).tar" }

    private func holds(_ image: Image, _ names: [Reference]) throws(Failure) -> Bool {
        guard let bytes = try? archive.index().bytes("manifest.json") else { return false }
        return bytes == (try CanonicalJSON.encode([Self.manifest(image, names)]))
    }
}

extension Reference {
    /// The name without a digest, as engines take it: `NAME:TAG`.
    var taggedName: String { (registry.map { $0 + "/" } ?? "") + repository + ":" + (tag ?? "latest") }
}
