import Diagnostics
import Files
import SystemPackage

/// The machine's own images: each blob once, and an OCI layout per name whose blobs are hard links to them.
///
/// `blobs/sha256/<hex>` holds the blobs, `layouts/<registry>/<repository>/<tag>` the layouts that other tools can read, and
/// `staging` what is not done. Folders are for their owner alone. Any number of processes may use one store.
package struct ImageStore: Sendable {
    package let root: FilePath

    package init(root: FilePath) { self.root = root }

    /// The folder in OCI layout of a name; there need not be an image.
    package func layout(of reference: Reference) -> LayoutDirectory {
        LayoutDirectory(root.appending("layouts").appending(reference.layoutPath.components), tag: reference.layoutTag)
    }

    /// The image of a name; `nil` where there is none.
    /// - Throws: `Failure` when it is there but cannot be read.
    package func image(for reference: Reference) throws(Failure) -> Image? {
        try layout(of: reference).storedImage()
    }

    package func contains(_ digest: Digest) -> Bool { blobs.path(of: digest).fileSize != nil }

    /// The manifest of an image that the store has, under whatever name; `nil` where it has none.
    package func manifest(_ digest: Digest) -> Manifest? {
        guard let bytes = try? blobs.path(of: digest).bytes(limit: 16 << 20) else { return nil }
        return try? CanonicalJSON.decode(Manifest.self, from: bytes, what: "")
    }

    /// Starts to write; what processes that died have left behind is removed first.
    /// - Throws: `Failure` when the store's folder cannot be made or written.
    package func begin() throws(Failure) -> StoreTransaction { try StoreTransaction(store: self) }

    var blobs: BlobDirectory { BlobDirectory(root.appending("blobs")) }
    var staging: FilePath { root.appending("staging") }
    var lockFile: FilePath { root.appending("lock") }

    /// The images of the store, by name; what cannot be read is left out.
    package func list() throws(Failure) -> [StoredImage] {
        var found: [StoredImage] = []
        collect(root.appending("layouts"), into: &found)
        return found.sorted { $0.reference.description < $1.reference.description }
    }

    private func collect(_ folder: FilePath, into found: inout [StoredImage]) {
        for name in folder.names where name != "sha256" || folder.lastComponent?.string != "blobs" {
            let path = folder.appending(name)
            if name == "index.json" {
                if let stored = try? stored(in: folder) { found.append(stored) }
            } else if path.kind == .folder {
                collect(path, into: &found)
            }
        }
    }

    private func stored(in folder: FilePath) throws(Failure) -> StoredImage? {
        let layout = LayoutDirectory(folder, tag: nil)
        guard let entry = try layout.readIndex()?.manifests.first,
            let name = entry.annotations?[ImageIndex.imageName]
        else { return nil }
        let image = try layout.readImage()
        return try layout.time.map { (time) throws(Failure) in
            StoredImage(
                reference: try Reference(name), digest: image.digest, id: image.id, size: image.size, time: time)
        }
    }

    /// Reads every blob of an image and checks its digest.
    /// - Throws: `Failure` that names the first blob that is missing or wrong.
    package func validate(_ image: Image) async throws(Failure) {
        try await ImageValidator().validate(image, blobs: self)
    }
}

extension ImageStore: BlobSource {
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try blobs.content(descriptor)
    }
}

/// One image of the store, in brief.
package struct StoredImage: Sendable, Hashable {
    package var reference: Reference
    package var digest: Digest
    package var id: Digest
    /// The size of its layers in bytes.
    package var size: Int64
    /// When it was written here, in seconds since 1970.
    package var time: Int64
}
