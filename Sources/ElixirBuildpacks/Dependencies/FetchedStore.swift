import Diagnostics
import Digests
import Files
import FoundationEssentials
import MixInspection
import SystemPackage

/// The machine's store of packages of Hex, shared by all projects; safe to delete at any time.
///
/// A package is the archive whose checksum mix.lock has, so nobody has a hand in what projects get. What `mix deps.get` left is
/// an entry too: it says which packages those were, so that it need not be run again where mix.lock and mix.exs are the same.
/// Entries come into being by one rename.
package struct FetchedStore: Sendable {
    /// A package that mix.lock pins by the checksum of its archive.
    struct Package: Sendable, Hashable {
        /// The name of its folder in `deps`.
        let name: String
        /// The name of its archive, with the folder of its repository.
        let archive: String
        let checksum: String
        let key: String

        /// - Returns: `nil` for what the lock has no checksum of, and for a name that is no folder's.
        init?(_ locked: LockedPackage) {
            guard locked.name.wholeMatch(of: /[a-z][a-zA-Z0-9_]*/) != nil,
                case .hex(let package, let version, let repository, let checksum?) = locked.origin,
                let key = try? MessageDigest.hex(
                    of: DependencyTree.line(
                        "package", locked.name, package, version, repository ?? Self.publicRepository, checksum))
            else { return nil }
            name = locked.name
            archive = "\(repository ?? Self.publicRepository)/\(package)-\(version).tar"
            self.checksum = checksum
            self.key = key
        }

        private static let publicRepository = "hexpm"
    }

    /// What `mix deps.get` left.
    struct Fetch: Codable, Sendable, Hashable {
        /// The archive of Hex that fetched them, such as `hex-2.1.1`.
        var hex: String
        /// The keys of the packages, by name.
        var packages: [String: String]
    }

    let folder: FilePath
    /// Unpacks an archive of Hex into an empty folder, as Hex does: its contents, and its metadata as `hex_metadata.config`.
    let unpack: @Sendable (_ archive: FilePath, _ folder: FilePath) throws -> Void

    /// How much the store may hold, in bytes.
    private static let limit: Int64 = 2 << 30
    private static let archiveName = "package.tar"
    private static let fetchName = "fetch.json"
    /// The file that Hex writes beside a package's own: it compares it with mix.lock.
    private static let manifest = ".hex"
    private static let manifestSize = 64 << 10
    private static let digestName = "manifest.sha256"

    package init(
        folder: FilePath, unpack: @escaping @Sendable (_ archive: FilePath, _ folder: FilePath) throws -> Void
    ) {
        self.folder = folder
        self.unpack = unpack
    }

    // MARK: Packages

    /// Unpacks a package to a place where there is none; `false` where the store does not have it.
    func take(_ package: Package, to place: FilePath) throws -> Bool {
        let entry = folder.appending(package.key)
        let archive = entry.appending(Self.archiveName)
        guard entry.exists else { return false }
        guard (try? MessageDigest.hex(ofFile: archive)) == package.checksum, let manifest = manifest(of: entry) else {
            // A disk, or another program, has changed it: it is fetched again.
            try? entry.remove()
            return false
        }
        do {
            try unpack(archive, manifest, to: place)
        } catch {
            try? place.remove()
            throw error
        }
        use(entry)
        return true
    }

    /// The manifest of an entry, as it was kept.
    private func manifest(of entry: FilePath) -> [UInt8]? {
        guard let bytes = try? entry.appending(Self.manifest).bytes(limit: Self.manifestSize) else { return nil }
        return (try? MessageDigest.hex(of: bytes)) == entry.appending(Self.digestName).text ? bytes : nil
    }

    /// Keeps a package that was fetched, if what Hex has just unpacked is what is in its archive.
    /// - Parameters:
    ///   - archives: the folder of Hex's archives.
    ///   - sources: what Hex unpacked.
    ///   - replaces: whether it takes the place of an entry that is there.
    /// - Returns: whether the store has it.
    func keep(_ package: Package, archives: FilePath, sources: FilePath, replaces: Bool = false) throws -> Bool {
        let place = folder.appending(package.key)
        guard replaces || !place.exists else {
            use(place)
            return true
        }
        let archive = archives.pushing(FilePath(package.archive))
        guard archive.kind == .file, sources.appending(Self.manifest).kind == .file,
            let manifest = try? sources.appending(Self.manifest).bytes(limit: Self.manifestSize)
        else { return false }
        let held = try workFolder()
        defer { held.remove() }
        let entry = held.path.appending("entry")
        try entry.makeFolders()
        let (kept, unpacked) = (entry.appending(Self.archiveName), held.path.appending("unpacked"))
        // The project's code can write to Hex's folders: the copy is what is looked at.
        try archive.copyTree(to: kept)
        try entry.appending(Self.manifest).replace(with: manifest)
        try entry.appending(Self.digestName).replace(with: MessageDigest.hex(of: manifest).utf8)
        guard try MessageDigest.hex(ofFile: kept) == package.checksum else { return false }
        try unpack(kept, manifest, to: unpacked)
        guard try DependencyTree(folder: unpacked).digest() == DependencyTree(folder: sources).digest() else {
            return false
        }
        if replaces { try? place.move(to: held.path.appending("before")) }
        add(entry, as: package.key)
        return place.exists
    }

    /// - Parameter manifest: it comes last, so that Hex unpacks again what a killed build left.
    private func unpack(_ archive: FilePath, _ manifest: [UInt8], to place: FilePath) throws {
        try place.makeFolders()
        try unpack(archive, place)
        try place.appending(Self.manifest).replace(with: manifest)
    }

    // MARK: Fetches

    /// What a fetch left; `nil` if none of that key is known.
    func fetch(_ key: String) -> Fetch? {
        let entry = folder.appending(key)
        guard let bytes = try? entry.appending(Self.fetchName).bytes(limit: 1 << 20),
            let fetch = try? JSONDecoder().decode(Fetch.self, from: Data(bytes))
        else { return nil }
        use(entry)
        return fetch
    }

    /// Keeps what a fetch left.
    func keep(_ fetch: Fetch, as key: String) throws {
        guard !folder.appending(key).exists else { return use(folder.appending(key)) }
        let held = try workFolder()
        defer { held.remove() }
        let entry = held.path.appending("entry")
        try entry.makeFolders()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try entry.appending(Self.fetchName).replace(with: Array(try encoder.encode(fetch)))
        add(entry, as: key)
    }

    // MARK: Entries

    /// A folder for one piece of work in the store's file system; what killed builds left of theirs is removed.
    private func workFolder() throws(Failure) -> HeldFolder {
        let parent = folder.appending(".work")
        HeldFolder.removeAbandoned(in: parent)
        return try HeldFolder(in: parent)
    }

    /// Another build may have been faster: its entry is as good.
    private func add(_ entry: FilePath, as key: String) { try? entry.move(to: folder.appending(key)) }

    private func use(_ entry: FilePath) { try? entry.setModified(Int64(Date().timeIntervalSince1970 * 1_000_000_000)) }

    /// Removes the entries that were not used for longest, until what is left fits.
    func prune() {
        let entries = folder.names.filter { !$0.hasPrefix(".") }.map(folder.appending).compactMap { path in
            FileStamp(of: path).map { (path: path, used: $0.modified, size: path.treeSize) }
        }
        var size = entries.reduce(0) { $0 + $1.size }
        for entry in entries.sorted(by: { $0.used < $1.used }) where size > Self.limit {
            guard (try? entry.path.remove()) != nil else { continue }
            size -= entry.size
        }
    }
}
