import Diagnostics
import Files
import Glibc
import SystemPackage

extension LayoutDirectory: ImageDestination {
    /// Writes the image under the tag.
    ///
    /// Blobs are hard links to the source's where the file system allows, else copies.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        if try has(image) { return WriteOutcome(manifestDigest: image.digest, isUnchanged: true) }
        let writer = BlobWriter(directory: self.blobs)
        try self.blobs.folder.makeFolders(mode: 0o755)
        var copies: [FilePath?] = []
        var done: Int64 = 0
        for layer in image.layers {
            guard !Task.isCancelled else { throw Failure(.unreadable, "cancelled") }
            if !writer.has(layer.descriptor) {
                copies.append(try writer.add(layer.descriptor, content: try await blobs.blob(layer.descriptor)))
            }
            done += layer.descriptor.size
            progress?(done, image.size)
        }
        copies.append(try writer.add(image.manifest.config, content: .bytes(image.configurationBytes)))
        copies.append(try writer.add(image.descriptor, content: .bytes(image.manifestBytes)))
        for copy in copies.compactMap(\.self) { try copy.synchronize() }
        try publish(image, imageName: nil)
        return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
    }

    /// Whether the tag names the image already and every blob is there.
    func has(_ image: Image) throws(Failure) -> Bool {
        guard let index = try readIndex() else { return false }
        let writer = BlobWriter(directory: blobs)
        let named = index.manifests.filter { tag.map($0.isNamed) ?? ($0.annotations?[ImageIndex.referenceName] == nil) }
        return named.count == 1 && named[0].digest == image.digest && writer.has(image.descriptor)
            && writer.has(image.manifest.config) && image.manifest.layers.allSatisfy(writer.has)
    }

    /// Anyone may read a layout.
    private static let mode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// Makes an image whose blobs are there visible, by one rename.
    ///
    /// Other programs' changes to the index are waited for.
    func publish(_ image: Image, imageName: String?) throws(Failure) {
        let lock = try FileLock(path)
        defer { lock.release() }
        let marker = path.appending("oci-layout")
        if marker.fileSize == nil {
            try marker.replace(with: Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), mode: Self.mode)
        }
        var index = try readIndex() ?? ImageIndex()
        var annotations: [String: String] = [:]
        annotations[ImageIndex.referenceName] = tag
        annotations[ImageIndex.imageName] = imageName
        var entry = image.descriptor
        entry.annotations = annotations.isEmpty ? nil : annotations
        index.manifests.removeAll { $0.annotations?[ImageIndex.referenceName] == tag }
        index.manifests.append(entry)
        // Should the machine stop now, journals keep the order: the rename is there with all links before it, or not at all.
        try indexFile.replace(with: try CanonicalJSON.encode(index), mode: Self.mode, synchronize: true)
    }
}
