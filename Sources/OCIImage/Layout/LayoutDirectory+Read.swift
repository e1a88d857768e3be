import Diagnostics
import SystemPackage

extension LayoutDirectory: ImageSource {
    /// Reads the image of the tag; of an index the image for the platform.
    package func image() async throws(Failure) -> Image {
        try readImage()
    }

    /// Gives a blob of the layout.
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try blobs.content(descriptor)
    }

    /// The tags of the layout, as they stand in the index.
    package func tags() throws(Failure) -> [String] {
        try readIndex()?.manifests.compactMap { $0.annotations?[ImageIndex.referenceName] } ?? []
    }

    func readImage() throws(Failure) -> Image {
        guard let index = try readIndex() else {
            throw Failure(
                .notFound, "\(path) is no OCI layout: it has no index.json",
                advice: "name the folder of one: oci:DIR[:TAG]")
        }
        var descriptor = try entry(in: index)
        var depth = 0
        while descriptor.mediaType.isIndex {
            guard depth < 4 else { throw Failure(.overLimit, "\(path): indexes are nested too deep") }
            depth += 1
            let nested = try CanonicalJSON.decode(
                ImageIndex.self, from: try blobs.bytes(descriptor), what: "the index \(descriptor.digest)")
            descriptor = try nested.manifest(for: platform)
        }
        let bytes = try blobs.bytes(descriptor)
        let manifest = try CanonicalJSON.decode(Manifest.self, from: bytes, what: "the manifest \(descriptor.digest)")
        return try Image(manifestBytes: bytes, configurationBytes: try blobs.bytes(manifest.config))
    }

    /// The image; `nil` where there is no layout or it has no such tag.
    func storedImage() throws(Failure) -> Image? {
        do throws(Failure) {
            return try readImage()
        } catch {
            guard error.code == .notFound, try isAbsent() else { throw error }
            return nil
        }
    }

    func readIndex() throws(Failure) -> ImageIndex? {
        guard let bytes = try indexFile.document() else { return nil }
        return try CanonicalJSON.decode(ImageIndex.self, from: bytes, what: "\(indexFile)")
    }

    /// Whether the tag is not there, as against there but broken.
    private func isAbsent() throws(Failure) -> Bool {
        guard let index = try readIndex() else { return true }
        guard let tag else { return index.manifests.isEmpty }
        return !index.manifests.contains { $0.isNamed(tag) }
    }

    private func entry(in index: ImageIndex) throws(Failure) -> Descriptor {
        if let tag {
            guard let found = index.manifests.last(where: { $0.isNamed(tag) }) else {
                throw Failure(.notFound, "\(path) has no image \"\(tag)\"", advice: advice(index))
            }
            return found
        }
        guard let only = index.manifests.first, index.manifests.count == 1 else {
            throw Failure(
                .notFound, "\(path) has \(index.manifests.count) images, and none is named", advice: advice(index))
        }
        return only
    }

    private func advice(_ index: ImageIndex) -> String? {
        let names = index.manifests.compactMap { $0.annotations?[ImageIndex.referenceName] }
        return names.isEmpty ? nil : "name one: " + names.map { "oci:\(path):\($0)" }.joined(separator: ", ")
    }
}

extension Descriptor {
    /// Whether an index entry bears this name.
    func isNamed(_ tag: String) -> Bool { annotations?[ImageIndex.referenceName] == tag }
}

extension ImageIndex {
    /// The entry for a platform; one without a variant fits every variant.
    /// - Throws: `Failure` that names the platforms there are.
    package func manifest(for platform: Platform) throws(Failure) -> Descriptor {
        let found = manifests.first { entry in
            guard let offered = entry.platform else { return false }
            return offered.os == platform.os && offered.architecture == platform.architecture
                && (platform.variant == nil || offered.variant == nil || offered.variant == platform.variant)
        }
        if let found { return found }
        if manifests.count == 1, let only = manifests.first, only.platform == nil { return only }
        let offered = manifests.compactMap { $0.platform?.description }.joined(separator: ", ")
        throw Failure(.notFound, "there is no image for \(platform), only for \(offered)")
    }
}
