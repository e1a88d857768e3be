import Diagnostics
import Files
import SystemPackage

/// The machine's own images: each blob once, and an OCI layout per name whose blobs are hard links to them.
///
/// `blobs/sha256/<hex>` holds the blobs, `layouts/<registry>/<repository>/<tag>` the layouts that other tools can read, and
/// `staging` what is not done. Folders are for their owner alone. Any number of processes may use one store.
package struct ImageStore: Sendable {
    package let root: FilePath
    let known = CheckedBlobs()

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

    /// The images of all platforms of a name; `nil` where there is none, or one image alone.
    /// - Throws: `Failure` when they are there but cannot be read.
    package func images(for reference: Reference) throws(Failure) -> MultiPlatformImage? {
        do throws(Failure) {
            return try layout(of: reference).images()
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
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
        let found = layouts.compactMap { try? stored(in: $0) }
        return found.sorted { $0.reference.description < $1.reference.description }
    }

    private var layouts: [LayoutDirectory] {
        var found: [LayoutDirectory] = []
        collect(root.appending("layouts"), into: &found)
        return found
    }

    private func collect(_ folder: FilePath, into found: inout [LayoutDirectory]) {
        // A repository may be called blobs, or sha256.
        for name in folder.names where name != "sha256" || folder.lastComponent?.string != "blobs" {
            let path = folder.appending(name)
            if name == "index.json" {
                found.append(LayoutDirectory(folder, tag: nil))
            } else if path.kind == .folder {
                collect(path, into: &found)
            }
        }
    }

    private func stored(in layout: LayoutDirectory) throws(Failure) -> StoredImage? {
        guard let reference = try layout.storedName(), let time = layout.time else { return nil }
        let image = try layout.readImage()
        return StoredImage(reference: reference, digest: image.digest, id: image.id, size: image.size, time: time)
    }

    /// The names that images have, those that cannot be read included.
    package func names() -> [Reference] {
        layouts.compactMap(name).sorted { $0.description < $1.description }
    }

    /// The name that a layout has, or, if its index cannot be read, the one that its folder has.
    private func name(of layout: LayoutDirectory) -> Reference? {
        do throws(Failure) { return try layout.storedName() } catch {
            var parts = layout.path.components.dropFirst(root.components.count + 1).map(\.string)
            guard let last = parts.popLast() else { return nil }
            let isDigest = parts.last == "sha256" && last.utf8.count == 64
            if isDigest { parts.removeLast() }
            return try? Reference(parts.joined(separator: "/") + (isDigest ? "@sha256:" : ":") + last)
        }
    }

    /// What is wrong with the image of a name, a line for each file that is missing or does not hold what its name says.
    /// - Throws: `Failure` of code `notFound` where there is no such image.
    package func problems(of reference: Reference) async throws(Failure) -> [String] {
        let parts: [Descriptor]
        do throws(Failure) {
            guard let found = try self.image(for: reference) else {
                throw Failure(.usage, "no image \(reference) in the image store")
            }
            parts = try images(for: reference).map { NamedContent($0).blobs } ?? found.blobs
        } catch {
            guard error.code != .usage else { throw error }
            return [error.message]
        }
        var problems: [String] = []
        for blob in parts {
            do throws(Failure) { _ = try await self.blob(blob) } catch { problems.append(error.message) }
        }
        return problems
    }

    /// What is wrong with the bytes of an image, where something is; those that were read once are not read again.
    package func firstProblem(of image: Image) -> String? {
        for blob in image.blobs {
            do throws(Failure) { _ = try blobs.checked(blob, known: known) } catch { return error.message }
        }
        return nil
    }

    /// What the files of an image look like: size, time and number, of every blob; `nil` where one is missing.
    ///
    /// Tells that nobody has written to them, without reading them.
    /// - Parameter images: those of all platforms, where the name leads to them.
    package func stamp(of image: Image, _ images: MultiPlatformImage? = nil) -> String? {
        let parts = images.map { NamedContent($0).blobs } ?? image.blobs
        let stamps = parts.compactMap { FileStamp(behind: blobs.path(of: $0.digest)) }
        guard stamps.count == parts.count, zip(stamps, parts).allSatisfy({ $0.size == $1.size }) else {
            return nil
        }
        return stamps.map { "\($0.inode) \($0.size) \($0.modified)" }.joined(separator: ",")
    }

    /// Reads every blob of an image and checks its digest.
    /// - Throws: `Failure` that names the first blob that is missing or wrong.
    package func validate(_ image: Image) async throws(Failure) {
        try await ImageValidator().validate(image, blobs: self)
    }
}

extension ImageStore: BlobSource {
    /// A blob whose content was checked: nothing leaves the store, or goes into another image, that is not what its name says.
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try blobs.checked(descriptor, known: known)
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
