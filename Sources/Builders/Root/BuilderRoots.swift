import Commands
import Diagnostics
import Digests
import Files
import Lifecycle
import OCIImage
import SystemPackage

/// The roots of builders, unpacked: each once, whichever project uses it.
///
/// A root appears whole, by a rename: a full disk or a broken layer leaves nothing. Roots that no build used for a while go.
package struct BuilderRoots: Sendable {
    /// The folder of all roots.
    private let folder: FilePath
    private let store: ImageStore
    /// The machine's numbers of the roots' users; `nil` gives all files to whoever runs mixpack.
    private let range: HostRange?

    /// Told of a step, how many bytes of it are done, and of how many.
    package typealias Progress = @Sendable (_ step: String, _ done: Int64, _ total: Int64) -> Void

    package init(cacheRoot: FilePath, store: ImageStore, range: HostRange?) {
        folder = cacheRoot.appending(CacheRoot.builders)
        self.store = store
        self.range = range
    }

    /// The folder of an image's files; unpacked the first time.
    /// - Parameters:
    ///   - blobs: where its layers are.
    ///   - notice: told if it is unpacked again, and why.
    /// - Throws: `Failure` that says what could not be fetched, read or written; `CancellationError`.
    package func root(
        of image: Image, from blobs: any BlobSource, notice: (String) -> Void, progress: @escaping Progress
    ) async throws -> FilePath {
        let place = folder.appending(try name(of: image))
        if try hasChanged(place) {
            notice("something else has changed \(place) since mixpack made it: unpacking the builder again")
            try place.remove()
        }
        if place.appending(Self.root).exists {
            try use(place)
            return place.appending(Self.root)
        }
        try folder.makeFolders()
        let new = try ScratchFolder(in: folder, prefix: Self.unfinished)
        defer { new.remove() }
        try await unpack(image, from: blobs, to: new.path.appending(Self.root), progress)
        try new.path.appending(Self.stamps).replace(with: stamps(of: new.path).utf8)
        // Another build may have unpacked it meanwhile.
        if !place.appending(Self.root).exists {
            try place.remove()
            try new.path.move(to: place)
        }
        try use(place)
        sweep()
        return place.appending(Self.root)
    }

    private static let root = "root"
    private static let unfinished = "unfinished-"
    /// The file with the digest of all stamps of a root's files, beside it.
    private static let stamps = "stamps"

    /// Whether something else has written to a root since it was unpacked.
    private func hasChanged(_ place: FilePath) throws(Failure) -> Bool {
        guard place.appending(Self.root).exists, let known = place.appending(Self.stamps).text else { return false }
        return try known != stamps(of: place)
    }

    private func stamps(of place: FilePath) throws(Failure) -> String {
        try FolderDigest.hex(of: place.appending(Self.root), by: .stampsOfOpen)
    }

    /// Fetches the layers, checks them, and unpacks them over each other.
    private func unpack(
        _ image: Image, from blobs: any BlobSource, to root: FilePath, _ progress: @escaping Progress
    ) async throws {
        // Blobs are kept for as long as they are read: the files are what is used again.
        let transaction = try store.begin()
        defer { transaction.cancel() }
        try await transaction.addLayers(of: image, from: blobs) { progress("fetching the builder", $0, $1) }
        try root.makeFolders(mode: 0o755)
        let unpacking = RootUnpacking(to: root, isExact: true, range: range)
        var done: Int64 = 0
        for layer in image.layers {
            try Task.checkCancellation()
            try unpacking.unpack(try transaction.content(of: layer.descriptor).input)
            done += layer.descriptor.size
            progress("unpacking the builder", done, image.size)
        }
        try unpacking.makeFolders(Self.places)
        for file in Self.names { try unpacking.makeFile(file) }
        try unpacking.ownRoot()
    }

    /// Where a build's own folders and file systems go.
    private static let places = [
        "/proc", "/dev", "/tmp", "/etc", "/layers", "/workspace", "/platform", "/plan", "/cnb/buildpacks",
    ]
    /// The machine's own files go there.
    private static let names = ["/etc/resolv.conf", "/etc/hosts"]

    /// The chain of the layers, which decides the files, and whose they are.
    private func name(of image: Image) throws -> String {
        let chain = image.layers.map(\.diffID.description).joined(separator: "\n")
        return try MessageDigest.hex(of: chain.utf8).prefix(32) + (range == nil ? "" : "-owned")
    }

    /// Remembers that a root was used now.
    private func use(_ place: FilePath) throws { try place.appending("used").replace(with: []) }

    /// Removes what no build used for a while, and what killed ones left.
    private func sweep() {
        let oldest = folder.names.map(folder.appending).filter { place in
            let name = place.lastComponent?.string ?? ""
            let age = CacheRoot.secondsSinceUse(of: place)
            return age > (name.hasPrefix(Self.unfinished) ? CacheRoot.unfinishedAge : CacheRoot.builderAge)
        }
        for old in oldest { try? old.remove() }
    }
}
