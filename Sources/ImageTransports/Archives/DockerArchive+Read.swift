import Diagnostics
import LayerArchive
import OCIImage

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
        let config = Descriptor(mediaType: .configuration, digest: try Digest(of: bytes), size: Int64(bytes.count))
        let manifest = Manifest(config: config, layers: layers)
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
            throw Failure(.notFound, "\(file) has \(all.count) images, and none is named", advice: "it has \(names)")
        }
        return named
    }

    /// A plain layer is named by its diffID, which whoever takes it checks; a compressed one is hashed now.
    private func descriptor(
        _ path: String, _ diffID: Digest, _ archive: TarIndex
    ) throws(Failure) -> Descriptor {
        guard let content = archive.content(path) else {
            throw Failure(.notFound, "\(file) has no \(path) in it")
        }
        let type = MediaType.layer(try LayerCompression.detect(content))
        guard type != .layer else { return Descriptor(mediaType: type, digest: diffID, size: content.size) }
        let sink = try DigestSink()
        try content.write(to: sink)
        try sink.finish()
        guard let digest = try? Digest(hex: sink.digest ?? "") else {
            throw Failure(.malformed, "\(path) cannot be hashed")
        }
        return Descriptor(mediaType: type, digest: digest, size: content.size)
    }
}
