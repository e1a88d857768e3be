import Diagnostics
import Digests
import Files
import FoundationEssentials
import SystemPackage

/// The machine's store of compiled dependencies, shared by all projects; safe to delete at any time.
///
/// An entry is a folder named by its key, and in that by the sources whose code ran when it was made. It comes into being by
/// one rename, so that many builds at once only ever see whole entries.
package struct DependencyStore: Sendable {
    /// What an entry says of itself.
    struct Note: Codable, Sendable, Hashable {
        var name: String
        /// The digests of the sources whose code ran while it was compiled, by name.
        ///
        /// Who does not trust one of them with a build cannot trust the entry.
        var compiledWith: [String: String]
        /// The digest of the entry's files, set when it is filed.
        var files: String?
    }

    let folder: FilePath
    /// Whether something below a folder holds a secret's value in any form; secrets by name.
    let holdsSecret: @Sendable (_ secrets: [String: String], _ folder: FilePath) throws -> Bool

    package init(
        folder: FilePath,
        holdsSecret: @escaping @Sendable (_ secrets: [String: String], _ folder: FilePath) throws -> Bool
    ) {
        self.folder = folder
        self.holdsSecret = holdsSecret
    }

    /// What is known of how long dependencies take to compile.
    var times: DependencyTimes { DependencyTimes(file: folder.appending(".times.json")) }

    private static let noteName = "entry.json"
    private static let buildName = "build"
    private static let privateName = "priv"

    /// The entry of a key, if there is one that these sources may take; its files are read and compared with their digest.
    /// - Parameter trusted: the digests of the sources of all dependencies of the project, by name.
    func entry(_ key: String, trusting trusted: [String: String]) -> FilePath? {
        let place = folder.appending(key)
        return place.names.lazy.map(place.appending).first { entry in
            guard let note = note(of: entry), note.compiledWith.allSatisfy({ trusted[$0.key] == $0.value }) else {
                return false
            }
            if let files = note.files, (try? Self.digest(of: entry)) == files { return true }
            // A disk, or another program, has changed it: it is compiled again.
            try? entry.remove()
            return false
        }
    }

    private static func digest(of entry: FilePath) throws(Failure) -> String {
        let parts = [buildName, privateName].map(entry.appending)
        var digests: [String] = []
        for part in parts where part.exists { digests.append(try DependencyTree(folder: part).digest()) }
        return digests.joined(separator: " ")
    }

    /// What an entry says of itself; `nil` if it cannot be read.
    func note(of entry: FilePath) -> Note? {
        guard let bytes = try? entry.appending(Self.noteName).bytes(limit: 1 << 20) else { return nil }
        return try? JSONDecoder().decode(Note.self, from: Data(bytes))
    }

    /// Brings an entry into a project.
    /// - Parameters:
    ///   - build: the folder in `_build` that it becomes.
    ///   - sources: the folder of the dependency's sources, which some compile into.
    func take(_ entry: FilePath, to build: FilePath, sources: FilePath) throws(Failure) {
        try build.remove()
        try build.removingLastComponent().makeFolders()
        try entry.appending(Self.buildName).copyTree(to: build)
        let made = entry.appending(Self.privateName)
        if made.isFolder {
            try sources.appending("priv").remove()
            try made.copyTree(to: sources.appending("priv"))
        }
        try? entry.setModified(Int64(Date().timeIntervalSince1970 * 1_000_000_000))
    }

    /// Files a dependency that was compiled.
    /// - Parameters:
    ///   - privateFiles: its folder `priv`, if compiling changed that.
    ///   - replaces: whether it takes the place of an entry that is there.
    func keep(
        _ key: String, _ note: Note, build: FilePath, privateFiles: FilePath?, replaces: Bool = false
    ) throws {
        let together = note.compiledWith.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let place = folder.appending(key).appending(
            try MessageDigest.hex(of: Array(together.joined(separator: "\n").utf8)))
        guard replaces || !place.exists else { return }
        let held = try workFolder()
        defer { held.remove() }
        let staging = held.path.appending("entry")
        try staging.makeFolders()
        try build.copyTree(to: staging.appending(Self.buildName))
        try privateFiles?.copyTree(to: staging.appending(Self.privateName))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var note = note
        note.files = try Self.digest(of: staging)
        try staging.appending(Self.noteName).replace(with: Array(try encoder.encode(note)))
        if replaces { try? place.move(to: held.path.appending("before")) }
        try place.removingLastComponent().makeFolders()
        // Another build may have been faster: its entry is as good.
        try? staging.move(to: place)
    }

    /// A folder for one piece of work in the store's file system; what killed builds left of theirs is removed.
    func workFolder() throws(Failure) -> HeldFolder {
        let parent = folder.appending(".work")
        HeldFolder.removeAbandoned(in: parent)
        return try HeldFolder(in: parent)
    }

    /// Removes the entries that were not used for longest, until what is left fits.
    func prune(to limit: Int64) {
        let paths = folder.names.filter { !$0.hasPrefix(".") }.map(folder.appending)
            .flatMap { key in key.names.map(key.appending) }
        let entries = paths.compactMap { path -> (path: FilePath, used: Int64, size: Int64)? in
            FileStamp(of: path).map { (path, $0.modified, path.treeSize) }
        }
        var size = entries.reduce(0) { $0 + $1.size }
        for entry in entries.sorted(by: { $0.used < $1.used }) where size > limit {
            guard (try? entry.path.remove()) != nil else { continue }
            size -= entry.size
            let key = entry.path.removingLastComponent()
            if key.names.isEmpty { try? key.remove() }
        }
    }
}
