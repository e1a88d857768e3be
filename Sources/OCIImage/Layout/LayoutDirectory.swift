import Diagnostics
import Files
import Glibc
import SystemPackage

/// An image in a folder in OCI layout: `oci:DIR[:TAG]`.
///
/// Mirrors the
/// [OCI image specification, Image Layout](https://github.com/opencontainers/image-spec/blob/main/image-layout.md).
/// Other tags of the folder are kept.
package struct LayoutDirectory: Sendable, Hashable {
    package let path: FilePath
    /// The tag; `nil` reads the only image there is and writes one without a name.
    package let tag: String?
    /// What is read where the tag leads to an index of images.
    package let platform: Platform

    /// Takes a folder, which need not be there yet when it is written to; by default images for this machine are read.
    package init(_ path: FilePath, tag: String?, platform: Platform = .current) {
        self.path = path
        self.tag = tag
        self.platform = platform
    }

    var blobs: BlobDirectory { BlobDirectory(path.appending("blobs")) }
    var indexFile: FilePath { path.appending("index.json") }
    private var marker: FilePath { path.appending("oci-layout") }
    /// When it was last written, in seconds since 1970; `nil` where it was not.
    var time: Int64? { modified.map { $0 / 1_000_000_000 } }
    /// The same in nanoseconds.
    var modified: Int64? { FileStamp(behind: indexFile)?.modified }
}

extension LayoutDirectory: ImageSource {
    /// Reads the image of the tag; of an index the image for the platform.
    package func image() async throws(Failure) -> Image {
        try readImage()
    }

    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try blobs.checked(descriptor, known: CheckedBlobs())
    }

    /// The index of images that the tag leads to; `nil` if that is an image.
    package func nestedIndex() throws(Failure) -> (index: ImageIndex, digest: Digest)? {
        guard let index = try readIndex() else { return nil }
        let entry = try entry(in: index)
        guard entry.mediaType.isIndex else { return nil }
        let nested = try CanonicalJSON.decode(
            ImageIndex.self, from: try blobs.bytes(entry), what: "the index \(entry.digest)")
        return (nested, entry.digest)
    }

    /// The images of all platforms, where the tag leads to an index; `nil` for an image alone.
    func images() throws(Failure) -> MultiPlatformImage? {
        guard let (index, digest) = try nestedIndex() else { return nil }
        var images: [Image] = []
        for entry in index.manifests { images.append(try image(entry)) }
        let all = try MultiPlatformImage(images)
        return all.digest == digest ? all : nil
    }

    private func image(_ descriptor: Descriptor) throws(Failure) -> Image {
        let bytes = try blobs.bytes(descriptor)
        let manifest = try CanonicalJSON.decode(Manifest.self, from: bytes, what: "the manifest \(descriptor.digest)")
        return try Image(manifestBytes: bytes, configurationBytes: try blobs.bytes(manifest.config))
    }

    /// The tags of the layout, as they stand in the index.
    package func tags() throws(Failure) -> [String] {
        try readIndex()?.manifests.compactMap(\.layoutName) ?? []
    }

    func readImage() throws(Failure) -> Image {
        guard let index = try readIndex() else {
            throw Failure(
                .notFound, "\(path) is not an OCI layout: it has no index.json",
                advice: "name the folder of a layout: oci:DIR[:TAG]")
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
        return try image(descriptor)
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

    /// The image's whole name, as the store writes it.
    func storedName() throws(Failure) -> Reference? {
        guard let name = try readIndex()?.manifests.first?.annotations?[ImageIndex.imageName] else { return nil }
        return try Reference(name)
    }

    func readIndex() throws(Failure) -> ImageIndex? {
        // A pipe in the marker's place would make other tools wait.
        let kind = marker.kindBehind
        guard kind == .file || kind == .missing && marker.kind != .link else {
            throw Failure(.malformed, "\(marker) is not a file", advice: BlobDirectory.advice)
        }
        guard let bytes = try indexFile.document() else { return nil }
        do throws(Failure) {
            return try CanonicalJSON.decode(ImageIndex.self, from: bytes, what: "\(indexFile)")
        } catch {
            throw error.advising(BlobDirectory.advice)
        }
    }

    /// Whether the tag is not there, as against there but broken.
    private func isAbsent() throws(Failure) -> Bool {
        guard let index = try readIndex() else { return true }
        guard let tag else { return index.manifests.isEmpty }
        return !index.manifests.contains { $0.layoutName == tag }
    }

    private func entry(in index: ImageIndex) throws(Failure) -> Descriptor {
        if let tag {
            guard let found = index.manifests.last(where: { $0.layoutName == tag }) else {
                throw Failure(.notFound, "\(path) has no image \"\(tag)\"", advice: advice(index))
            }
            return found
        }
        guard let only = index.manifests.first, index.manifests.count == 1 else {
            throw Failure(
                .notFound, "\(path) has \(index.manifests.count) images, and you named none", advice: advice(index))
        }
        return only
    }

    private func advice(_ index: ImageIndex) -> String? {
        let names = index.manifests.compactMap(\.layoutName)
        return names.isEmpty ? nil : "name one: " + names.map { "oci:\(path):\($0)" }.joined(separator: ", ")
    }
}

extension LayoutDirectory: ImageDestination {
    /// Writes the image under the tag.
    ///
    /// Blobs are hard links to the source's where the file system allows, else copies.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        try await write(NamedContent(image), from: blobs, progress)
    }

    /// Writes an index of images under the tag, and all of them.
    @discardableResult
    package func write(
        _ images: MultiPlatformImage, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        try await write(NamedContent(images), from: blobs, progress)
    }

    private func write(
        _ content: NamedContent, from blobs: any BlobSource, _ progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        if try has(content) { return WriteOutcome(manifestDigest: content.entry.digest, isUnchanged: true) }
        let own = self.blobs
        try own.folder.makeFolders(mode: 0o755)
        var copies: [FilePath?] = []
        var done: Int64 = 0
        for layer in content.layers {
            guard !Task.isCancelled else { throw Failure(.unreadable, "cancelled") }
            copies.append(try own.add(layer, content: try await blobs.blob(layer)))
            done += layer.size
            progress?(done, content.size)
        }
        for document in content.documents {
            copies.append(try own.add(document.descriptor, content: .bytes(document.bytes)))
        }
        for copy in copies.compactMap(\.self) { try copy.synchronize() }
        try publish(content, imageName: nil)
        return WriteOutcome(manifestDigest: content.entry.digest, isUnchanged: false)
    }

    /// Whether the tag leads to it already and every blob is there.
    func has(_ content: NamedContent) throws(Failure) -> Bool {
        guard let index = try readIndex() else { return false }
        let named = index.manifests.filter { $0.layoutName == tag }
        return named.count == 1 && named[0].digest == content.entry.digest && content.blobs.allSatisfy(blobs.has)
    }

    /// Anyone may read a layout.
    private static let mode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// Makes what has its blobs there visible, by one rename.
    ///
    /// Other programs' changes to the index are waited for.
    func publish(_ content: NamedContent, imageName: String?) throws(Failure) {
        let lock = try FileLock(path)
        defer { lock.release() }
        if marker.fileSize == nil {
            try marker.replace(with: Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), mode: Self.mode)
        }
        var index = try readIndex() ?? ImageIndex()
        var annotations: [String: String] = [:]
        annotations[ImageIndex.referenceName] = tag
        annotations[ImageIndex.imageName] = imageName
        var entry = content.entry
        entry.annotations = annotations.isEmpty ? nil : annotations
        index.manifests.removeAll { $0.layoutName == tag }
        index.manifests.append(entry)
        // Should the machine stop now, journals keep the order: the rename is there with all links before it, or not at all.
        try indexFile.replace(with: try CanonicalJSON.encode(index), mode: Self.mode, synchronize: true)
    }
}
