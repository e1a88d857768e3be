import Diagnostics
import Files
import SystemPackage

/// The machine's own images: each blob once, and an OCI layout per name whose blobs are hard links to them.
///
/// `blobs/sha256/<hex>` holds the blobs, `layouts/<registry>/<repository>/<tag>` the layouts that other tools can read, and
/// `staging` what is not done. Folders are for their owner alone. Any number of processes may use one store.
package struct ImageStore: Sendable {
    /// The folder of the store.
    package let root: FilePath

    /// Takes a folder, which need not be there yet.
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

    /// Whether the store has a blob.
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
}

extension ImageStore: BlobSource {
    /// Gives a blob of any image of the store.
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try blobs.content(descriptor)
    }
}
