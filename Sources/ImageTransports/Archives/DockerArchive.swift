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
        if file.fileSize == content.size, try holds(image, names) {
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: true)
        }
        try archive.write(content, progress: progress)
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

extension DockerArchive: ImageSource {
    /// Reads the only image there is, or the one of the name.
    ///
    /// Such an archive has no OCI manifest: one is made, the same each time.
    package func image() async throws(Failure) -> Image {
        let archive = try archive.index()
        let entry = try entry(in: archive)
        let bytes = try archive.bytes(entry.config)
        let configuration = try CanonicalJSON.decode(
            ImageConfiguration.self, from: bytes, what: "the configuration in \(file)")
        let diffIDs = configuration.rootfs.diffIDs
        guard diffIDs.count == entry.layers.count else {
            throw Failure(.malformed, "\(file) has \(entry.layers.count) layers, its configuration \(diffIDs.count)")
        }
        var layers: [Descriptor] = []
        for (path, diffID) in zip(entry.layers, diffIDs) {
            layers.append(try descriptor(path, diffID, archive))
        }
        let manifest = Manifest(config: try Descriptor(.configuration, of: bytes), layers: layers)
        return try Image(manifestBytes: try CanonicalJSON.encode(manifest), configurationBytes: bytes)
    }

    /// Gives a layer as a part of the file.
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        let archive = try archive.index()
        let entry = try entry(in: archive)
        let bytes = try archive.bytes(entry.config)
        if try Digest(of: bytes) == descriptor.digest { return .bytes(bytes) }
        let configuration = try CanonicalJSON.decode(
            ImageConfiguration.self, from: bytes, what: "the configuration in \(file)")
        for (path, diffID) in zip(entry.layers, configuration.rootfs.diffIDs) {
            guard let content = archive.content(path), content.size == descriptor.size else { continue }
            // Only what has the right size is hashed, where it has to be.
            if try self.descriptor(path, diffID, archive).digest == descriptor.digest { return content }
        }
        throw Failure(.notFound, "\(file) has no blob \(descriptor.digest)")
    }

    private func entry(in archive: TarIndex) throws(Failure) -> DockerManifest {
        let all = try CanonicalJSON.decode(
            [DockerManifest].self, from: try archive.bytes("manifest.json"), what: "manifest.json of \(file)")
        if all.count == 1, let only = all.first { return only }
        let wanted = reference?.fullName
        let named = all.first { entry in
            (entry.repoTags ?? []).contains { (try? Reference($0))?.fullName == wanted }
        }
        guard let named else {
            let names = all.flatMap { $0.repoTags ?? [] }.joined(separator: ", ")
            throw Failure(.notFound, "\(file) has \(all.count) images, and you named none", advice: "it has \(names)")
        }
        return named
    }

    /// A plain layer is named by its diffID, which whoever takes it checks; a compressed one is hashed now.
    private func descriptor(
        _ path: String, _ diffID: Digest, _ archive: TarIndex
    ) throws(Failure) -> Descriptor {
        guard let content = archive.content(path) else {
            throw Failure(.notFound, "\(file) does not contain \(path)")
        }
        let type = MediaType.layer(try content.compression())
        guard type != .layer else { return Descriptor(mediaType: type, digest: diffID, size: content.size) }
        return Descriptor(mediaType: type, digest: try Digest(hex: content.measured().digest), size: content.size)
    }
}

/// One image of a `docker save` archive: an item of its manifest.json.
///
/// Mirrors Docker's image specification v1.2, "Combined Image JSON + Filesystem Changeset Format".
struct DockerManifest: Codable {
    var config: String
    var repoTags: [String]?
    var layers: [String]

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case repoTags = "RepoTags"
        case layers = "Layers"
    }
}
