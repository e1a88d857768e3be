import Digests
import Files
import Glibc
import OCIImage
import SystemPackage

/// What the folder of all caches holds: one folder for each project, and what projects share.
package struct CacheInventory: Sendable, Hashable {
    /// The cache of one project.
    package struct Project: Sendable, Hashable {
        package var folder: FilePath
        /// The project's real path; `nil` if the cache is from a version that did not keep it, and nothing else says it.
        package var path: FilePath?
        /// Whether there still is a project at the path; unknown is yes.
        package var isThere: Bool
        package var bytes: Int64
        /// When it was last built, in seconds since 1970.
        package var seconds: Int64

        package init(folder: FilePath, path: FilePath?, isThere: Bool = true, bytes: Int64, seconds: Int64) {
            self.folder = folder
            self.path = path
            self.isThere = isThere
            self.bytes = bytes
            self.seconds = seconds
        }

        /// The project's name: that of its folder.
        package var name: String {
            if let path { return path.lastComponent?.string ?? path.string }
            return String((folder.lastComponent?.string ?? "").dropLast(13))
        }
    }

    /// Something that projects share: a folder of helpers, a record of a run image.
    package struct Shared: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
            /// What is compiled once for each toolchain.
            case helper
            /// What a run image was made from.
            case runImageRecord = "run-image-record"
            /// What inspections found.
            case answers
            case dependencies, fetched, roots, toolchains
            /// What images for other processors are made from.
            case foreign
            /// The files of a builder.
            case builder

            /// What it is called in lists.
            package var title: String {
                switch self {
                case .helper: "helpers of toolchains"
                case .runImageRecord: "records of run images"
                case .answers: "answers about projects"
                case .dependencies: "compiled dependencies"
                case .fetched: "fetched packages"
                case .roots: "unpacked run images"
                case .toolchains: "toolchains"
                case .foreign: "files for other processors"
                case .builder: "unpacked builders"
                }
            }
        }

        package var kind: Kind
        package var path: FilePath
        package var bytes: Int64
        /// When it was last used or made, in seconds since 1970.
        package var seconds: Int64
        /// The run image that a record names.
        package var image: Reference?

        package init(_ kind: Kind, path: FilePath, bytes: Int64, seconds: Int64, image: Reference? = nil) {
            self.kind = kind
            self.path = path
            self.bytes = bytes
            self.seconds = seconds
            self.image = image
        }
    }

    package var projects: [Project] = []
    package var shared: [Shared] = []
    /// Which project's build made which image, by the digest of its manifest.
    package var makers: [Digest: String] = [:]

    package init(projects: [Project] = [], shared: [Shared] = [], makers: [Digest: String] = [:]) {
        self.projects = projects
        self.shared = shared
        self.makers = makers
    }

    /// The bytes of everything.
    package var size: Int64 { projects.reduce(0) { $0 + $1.bytes } + shared.reduce(0) { $0 + $1.bytes } }
}

/// The folder of all caches, `$XDG_CACHE_HOME/mixpack`, as a whole.
package struct CacheRoot: Sendable {
    private let folder: FilePath
    private let known: [FilePath]

    /// Takes the folder.
    /// - Parameter known: projects that were open before, for caches that do not say whose they are.
    package init(_ folder: FilePath, known: [FilePath] = []) {
        self.folder = folder
        self.known = known
    }

    /// Looks at all of it.
    package func inventory() -> CacheInventory {
        var inventory = CacheInventory()
        let paths = Dictionary(
            known.map { (ProjectCache(project: $0, root: folder).directory, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for name in folder.names {
            let path = folder.appending(name)
            if name.hasPrefix("run-image"), name.hasSuffix(".json") {
                inventory.shared.append(record(path))
            } else if let kind = Self.sharedFolders[name] {
                inventory.shared.append(shared(kind, path))
            } else if name == "helpers" {
                inventory.shared += path.names.map { shared(.helper, path.appending($0)) }
            } else if name == Self.builders {
                inventory.shared += path.names.map { builder(path.appending($0)) }
            } else if Self.isProject(name), path.kind == .folder {
                add(path, knownPath: paths[path], to: &inventory)
            }
        }
        return inventory
    }

    /// The folder of unpacked builders, each in a folder of its own that says when it was used.
    package static let builders = "builders"

    /// Builders that were not used for so long are fetched again by whoever needs them, in seconds.
    package static let builderAge: Double = 30 * 86_400
    /// What is younger and unfinished may be written at this moment.
    package static let unfinishedAge: Double = 86_400

    /// How long ago a builder was used, in seconds.
    package static func secondsSinceUse(of builder: FilePath) -> Double {
        Double(Int64(time(nil)) - used(builder))
    }

    private static func used(_ builder: FilePath) -> Int64 {
        let stamp = FileStamp(of: builder.appending("used")) ?? FileStamp(of: builder)
        return (stamp?.modified ?? 0) / 1_000_000_000
    }

    private func builder(_ path: FilePath) -> CacheInventory.Shared {
        CacheInventory.Shared(.builder, path: path, bytes: path.treeSize, seconds: Self.used(path))
    }

    private static let sharedFolders: [String: CacheInventory.Shared.Kind] = [
        "answers": .answers, "dependencies": .dependencies, "fetched": .fetched, "roots": .roots,
        "toolchains": .toolchains, "foreign": .foreign,
    ]

    /// Whether a folder has the name of a project's cache: `<name>-<12 hex digits>`.
    private static func isProject(_ name: String) -> Bool {
        guard let dash = name.lastIndex(of: "-") else { return false }
        let hash = name[name.index(after: dash)...]
        return hash.utf8.count == 12 && hash.allSatisfy { "0123456789abcdef".contains($0) }
    }

    private func add(_ path: FilePath, knownPath: FilePath?, to inventory: inout CacheInventory) {
        let cache = ProjectCache(directory: path)
        let owner = cache.owner.text.map { FilePath($0) } ?? knownPath
        let time = FileStamp(of: cache.lock)?.modified ?? FileStamp(of: path)?.modified ?? 0
        let project = CacheInventory.Project(
            folder: path, path: owner, isThere: owner?.isFolder ?? true, bytes: path.treeSize,
            seconds: time / 1_000_000_000)
        // A cache that was pruned keeps its lock and the last choices, which nobody needs to hear of.
        if cache.directory.appending("format").exists { inventory.projects.append(project) }
        for name in cache.records.names {
            let record: MadeImage? = cache.records.appending(name).json()
            if let record { inventory.makers[record.manifestDigest] = project.path?.string ?? project.name }
        }
    }

    private struct MadeImage: Decodable { var manifestDigest: Digest }
    private struct RunImageName: Decodable { var reference: String }

    private func record(_ path: FilePath) -> CacheInventory.Shared {
        let name: RunImageName? = path.json()
        var record = shared(.runImageRecord, path)
        record.image = name.flatMap { try? Reference($0.reference) }
        return record
    }

    private func shared(_ kind: CacheInventory.Shared.Kind, _ path: FilePath) -> CacheInventory.Shared {
        CacheInventory.Shared(
            kind, path: path, bytes: path.treeSize, seconds: (FileStamp(of: path)?.modified ?? 0) / 1_000_000_000)
    }

    /// Removes a project's cache; never while a build of the project runs.
    /// - Returns: Whether it is gone.
    package func remove(_ project: CacheInventory.Project) throws -> Bool {
        let cache = ProjectCache(directory: project.folder)
        guard project.folder.exists else { return false }
        guard cache.lock.exists else {
            try cache.removeContents()
            return true
        }
        guard let lock = FileLock(ifFree: cache.lock) else { return false }
        defer { lock.release() }
        try cache.removeContents()
        // No build of it can wait for the lock.
        if !project.isThere { try project.folder.remove() }
        return true
    }

    /// Removes a helper or a record.
    package func remove(_ shared: CacheInventory.Shared) throws { try shared.path.remove() }
}
