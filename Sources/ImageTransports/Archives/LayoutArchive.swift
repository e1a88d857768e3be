import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// An image in a tar of an OCI layout: `oci-archive:FILE`.
package struct LayoutArchive: Sendable {
    package let file: FilePath
    /// The image's name; a file that is read may be without one.
    package let reference: Reference?
    private let platform: Platform
    let archive: ArchiveFile

    /// Takes a file, which need not be there yet when it is written to.
    /// - Parameters:
    ///   - platform: what is read where the archive holds an index of images.
    ///   - folder: where an archive that is compressed as a whole is unpacked to read it.
    package init(
        _ file: FilePath, reference: Reference?, platform: Platform = .current,
        temporaryFolder folder: FilePath = "/tmp"
    ) {
        self.file = file
        self.reference = reference
        self.platform = platform
        archive = ArchiveFile(file, temporaryFolder: folder)
    }
}

extension LayoutArchive: ImageDestination {
    /// Writes the file anew, unless it holds the image already.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        let content = try await content(NamedContent(image), blobs)
        if file.fileSize == content.size, let old = try? await self.image(), old == image {
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: true)
        }
        try archive.write(content, progress: progress)
        return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
    }

    /// Writes the file anew, with an index of images and all of them.
    @discardableResult
    package func write(
        _ images: MultiPlatformImage, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        try archive.write(try await content(NamedContent(images), blobs), progress: progress)
        return WriteOutcome(manifestDigest: images.digest, isUnchanged: false)
    }

    private func content(_ named: NamedContent, _ blobs: any BlobSource) async throws(Failure) -> JoinedContent {
        var layers: [(Digest, BlobContent)] = []
        for layer in named.layers { layers.append((layer.digest, try await blobs.blob(layer))) }
        let documents = named.documents.map { ($0.descriptor.digest, BlobContent.bytes($0.bytes)) }
        let index = try index(of: named)
        var content = JoinedContent()
        try content.appendDirectory("blobs")
        try content.appendDirectory("blobs/sha256")
        for (digest, blob) in layers + documents { try content.append("blobs/sha256/\(digest.hex)", blob) }
        try content.append("index.json", .bytes(index))
        try content.append("oci-layout", .bytes(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)))
        content.append(.bytes(TarEntry.endOfArchive))
        return content
    }

    private func index(of content: NamedContent) throws(Failure) -> [UInt8] {
        var entry = content.entry
        if let reference {
            entry.annotations = [
                ImageIndex.referenceName: reference.layoutTag, ImageIndex.imageName: reference.engineName,
            ]
        }
        return try CanonicalJSON.encode(ImageIndex(manifests: [entry]))
    }
}

extension LayoutArchive: ImageSource {
    /// Reads the only image there is, or the one of the name's tag.
    package func image() async throws(Failure) -> Image {
        let archive = try archive.index()
        var entry = try entry(of: archive)
        if let nested = try nestedIndex(entry, in: archive) { entry = try nested.manifest(for: platform) }
        let bytes = try document(entry, in: archive)
        let manifest = try CanonicalJSON.decode(Manifest.self, from: bytes, what: "the manifest of \(file)")
        return try Image(manifestBytes: bytes, configurationBytes: try document(manifest.config, in: archive))
    }

    /// The index of images for several platforms that the file holds; `nil` if it holds an image.
    package func nestedIndex() throws(Failure) -> (index: ImageIndex, digest: Digest)? {
        let archive = try archive.index()
        let entry = try entry(of: archive)
        return try nestedIndex(entry, in: archive).map { ($0, entry.digest) }
    }

    private func nestedIndex(_ entry: Descriptor, in archive: TarIndex) throws(Failure) -> ImageIndex? {
        guard entry.mediaType.isIndex else { return nil }
        return try CanonicalJSON.decode(
            ImageIndex.self, from: try document(entry, in: archive), what: "an index of \(file)")
    }

    private func entry(of archive: TarIndex) throws(Failure) -> Descriptor {
        let index = try CanonicalJSON.decode(
            ImageIndex.self, from: try archive.bytes("index.json"), what: "index.json of \(file)")
        let named = index.manifests.filter { $0.layoutName == reference?.layoutTag }
        guard let entry = index.manifests.count == 1 ? index.manifests.first : named.first else {
            throw Failure(.notFound, "\(file) has \(index.manifests.count) images, and you named none")
        }
        return entry
    }

    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        guard let content = try archive.index().content(path(descriptor)), content.size == descriptor.size else {
            throw Failure(.notFound, "\(file) has no blob \(descriptor.digest)")
        }
        return content
    }

    private func path(_ descriptor: Descriptor) -> String { "blobs/sha256/\(descriptor.digest.hex)" }

    private func document(_ descriptor: Descriptor, in archive: TarIndex) throws(Failure) -> [UInt8] {
        let bytes = try archive.bytes(path(descriptor))
        let found = try Digest(of: bytes)
        guard found == descriptor.digest else {
            throw Failure(.digestMismatch, "\(file): the content of blob \(descriptor.digest) is now \(found)")
        }
        return bytes
    }
}
