import Digests
import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage

/// The folder that mixpack keeps for one project: layers, build cache, records, logs.
///
/// All of it is safe to delete.
/// It stands at `<cache root>/<NAME-12 hex of the real path's sha256>`; folders are mode 700.
package struct ProjectCache: Sendable {
    package let directory: FilePath
    /// The project's real path; `nil` of a cache that was found by its folder.
    private let project: FilePath?
    private let given: GivenFolders?

    /// The layout of the folder; a cache of another format is emptied.
    private static let format = "1"

    /// The cache of a project.
    /// - Parameters:
    ///   - project: the project's folder.
    ///   - root: the folder of all caches, `$XDG_CACHE_HOME/mixpack`.
    package init(project: FilePath, root: FilePath) {
        let real = project.realPath ?? project
        let name = real.lastComponent?.string ?? "root"
        let hash = (try? MessageDigest.hex(of: real.string.utf8)) ?? ""
        directory = root.appending("\(name)-\(hash.prefix(12))")
        self.project = real
        given = nil
    }

    /// The folders that a platform gives, and a scratch folder for the rest.
    init(given: GivenFolders) {
        directory = given.scratch.appending("build")
        project = nil
        self.given = given
    }

    /// Whether a platform gave the application's folder and the others: buildpacks then work in them, not in copies.
    var isGiven: Bool { given != nil }

    /// The cache in a folder that it has already.
    init(directory: FilePath) {
        self.directory = directory
        project = nil
        given = nil
    }

    /// `/layers` of the specification: one folder a buildpack.
    package var layers: FilePath { given?.layers ?? directory.appending("layers") }
    /// What buildpacks keep for themselves: one folder a buildpack.
    package var buildpacks: FilePath { directory.appending("buildpacks") }
    package var logs: FilePath { directory.appending("logs") }
    /// What inspections of the project found and work in.
    ///
    /// They run beside builds too: nobody removes the folder, or what is not an answer.
    package var inspection: FilePath { directory.appending("inspection") }
    /// The application's folder of external buildpacks, made anew for each build.
    var workspace: FilePath { given?.application ?? directory.appending("workspace") }
    /// What the buildpacks of a builder change in its root; gone when the build ends.
    var room: FilePath { directory.appending("room") }
    /// The layers that are others for another processor.
    func foreignLayers(for platform: Platform) -> FilePath {
        directory.appending(
            "foreign-" + ([platform.architecture] + [platform.variant].compactMap(\.self)).joined(separator: "-"))
    }
    /// Buildpacks that are scripts of project.toml, as folders.
    var scripts: FilePath { directory.appending("scripts") }
    /// Buildpackages, unpacked.
    var packages: FilePath { directory.appending("packages") }
    /// The layers that external buildpacks want to have again.
    var volume: FilePath { given?.cache ?? directory.appending("volume") }
    /// Whether layers are kept for the next build.
    var keepsLayers: Bool { given.map { $0.cache != nil } ?? true }
    /// What the last builds saw and made.
    var records: FilePath { directory.appending("records") }
    /// What is known of the project's files.
    var sourceIndex: FilePath { directory.appending("source-index") }
    /// The lock that lets one build run at a time.
    var lock: FilePath { directory.appending("lock") }
    var key: FilePath { directory.appending("key") }
    /// The real path of the project: the folder's own name is a hash of it.
    var owner: FilePath { directory.appending("project") }

    /// Makes the folders; empties a cache of another format.
    func prepare() throws {
        try directory.makeFolders()
        chmod(directory.string, 0o700)
        if let project, owner.text != project.string { try owner.replace(with: Array(project.string.utf8)) }
        let marker = directory.appending("format")
        if marker.text == Self.format { return try makeFolders() }
        for name in directory.names where !["lock", "logs", "inspection", "project"].contains(name) {
            try directory.appending(name).remove()
        }
        try makeFolders()
        try marker.replace(with: Array(Self.format.utf8))
    }

    /// Removes layers, build cache, records and what inspections found; logs and the lock stay.
    func clear() throws {
        for name in inspection.names where name.hasSuffix(".json") {
            unlink(inspection.appending(name).string)
        }
        for folder in [layers, buildpacks, records, workspace, room, scripts, packages, volume] { try folder.remove() }
        try makeFolders()
    }

    /// Removes all that is not the user's: the last choices stay, and the lock, and where inspections work.
    func removeContents() throws {
        for name in inspection.names where name.hasSuffix(".json") { unlink(inspection.appending(name).string) }
        for name in directory.names where !["lock", "inspection", "choices.json", "project"].contains(name) {
            try directory.appending(name).remove()
        }
    }

    /// A buildpack's own layers folder, made where it is missing.
    func layersDirectory(of buildpack: String) throws -> FilePath {
        try made(layers.appending(Self.escaped(buildpack)))
    }

    /// A buildpack's own cache folder, made where it is missing.
    func cacheDirectory(of buildpack: String) throws -> FilePath {
        try made(cacheFolder(of: buildpack))
    }

    /// A buildpack's own cache folder, whether or not it is there.
    package func cacheFolder(of buildpack: String) -> FilePath { buildpacks.appending(Self.escaped(buildpack)) }

    private func made(_ folder: FilePath) throws -> FilePath {
        try folder.makeFolders()
        return folder
    }

    /// The id as a folder's name.
    package static func escaped(_ id: String) -> String { String(id.map { $0 == "/" ? "_" : $0 }) }

    private func makeFolders() throws {
        for folder in [layers, buildpacks, records, logs] { try folder.makeFolders() }
    }
}
