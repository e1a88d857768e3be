import BuildpackAPI
import Diagnostics
import Digests
import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage

/// The cache of external buildpacks' layers: `committed` is what the last build left, `staging` what this one leaves.
///
/// Layers are plain tars named by their digests (CNB Platform specification, "Cache"). A new state takes the old one's
/// place by a rename, so that a build that is killed leaves the old one.
struct LayerCache {
    let volume: FilePath
    /// The folder of the tars that is the folder of layers.
    var top = ["layers"]

    private var committed: FilePath { volume.appending("committed") }
    private var staging: FilePath { volume.appending("staging") }
    private var replaced: FilePath { volume.appending("replaced") }

    /// What the cache holds; a swap that a kill cut in two is undone first.
    func metadata() -> CacheMetadata {
        if !committed.exists, replaced.exists { _ = rename(replaced.nameBytes, committed.nameBytes) }
        return CacheMetadata(in: committed)
    }

    /// Unpacks a cached layer, once its digest is checked.
    /// - Throws: `Failure` where it is missing or not what it was.
    func extract(_ sha: String, _ subject: [String], into layers: FilePath) throws {
        let tar = tar(sha, in: committed)
        guard tar.kind == .file else { throw Failure(.malformed, "it is not in the cache") }
        let found = try MessageDigest.hex(ofFile: tar)
        guard "sha256:" + found == sha else { throw Failure(.malformed, "it is damaged in the cache") }
        var extraction = LayerExtraction(subject, of: top, into: layers)
        try extraction.extract(.file(tar))
    }

    func begin() throws {
        try staging.remove()
        try staging.makeFolders()
    }

    /// Writes a layer into the new state.
    /// - Returns: the digest of its tar.
    func add(_ contents: LayerContents) throws -> String {
        let temporary = staging.appending("new.tar")
        let sink = try DigestSink(next: try FileSink(creating: temporary))
        try contents.write(to: sink)
        let sha = "sha256:" + (sink.digest ?? "")
        try temporary.move(to: tar(sha, in: staging))
        return sha
    }

    /// Puts the new state in the old one's place.
    func commit(_ metadata: CacheMetadata) throws {
        try metadata.write(in: staging)
        try replaced.remove()
        if committed.exists { try committed.move(to: replaced) }
        try staging.move(to: committed)
        try replaced.remove()
    }

    private func tar(_ sha: String, in folder: FilePath) -> FilePath {
        folder.appending(ProjectCache.escaped(sha) + ".tar")
    }
}

/// What the cache holds: `io.buildpacks.lifecycle.cache.metadata` (CNB Platform specification, "Cache").
struct CacheMetadata: Codable, Hashable {
    static let fileName = "io.buildpacks.lifecycle.cache.metadata"

    var sbom: LifecycleMetadata.Sha?
    var buildpacks: [LifecycleMetadata.Buildpack] = []

    /// Reads the metadata; what is missing or no JSON is an empty cache.
    init(in folder: FilePath) {
        self = folder.appending(Self.fileName).json() ?? CacheMetadata()
    }

    init() {}

    /// A buildpack's cached layers by name.
    func layers(of buildpack: String) -> [String: LifecycleMetadata.Layer] {
        buildpacks.first { $0.key == buildpack }?.layers.filter(\.value.cache) ?? [:]
    }

    func write(in folder: FilePath) throws {
        try folder.appending(Self.fileName).replace(with: CanonicalJSON.encode(self))
    }
}

/// Keeps the cached layers of external buildpacks for the next build; a failure to do so never fails the build.
struct LayerCaching {
    let cache: ProjectCache
    let form: ImageForm
    let emit: EventEmitter

    /// Writes the new state of the cache, which then takes the old one's place.
    /// - Throws: `CancellationError` only.
    func store(_ built: BuiltLayers) async throws {
        guard built.hasWorkspace, cache.keepsLayers else { return }
        let volume = LayerCache(volume: cache.volume)
        do {
            try volume.begin()
            var metadata = CacheMetadata()
            for part in built.parts where part.isExternal {
                try Task.checkCancellation()
                metadata.buildpacks.append(entry(of: part, in: volume))
            }
            let bills = BillFolders(layers: cache.layers).cache
            if bills.isFolder { metadata.sbom = .init(sha: try volume.add(.bills(bills, name: "cache", form))) }
            try volume.commit(metadata)
        } catch let error as CancellationError {
            throw error
        } catch {
            emit(.notice("cannot cache layers: \(error)"))
        }
    }

    private func entry(of part: BuiltLayers.Part, in volume: LayerCache) -> LifecycleMetadata.Buildpack {
        let id = part.buildpack.id
        var layers: [String: LifecycleMetadata.Layer] = [:]
        for layer in part.result.layers where layer.types.contains(.cache) {
            let folder = part.folder(of: layer)
            guard folder.exists else {
                emit(.notice("\(id): layer \(layer.name) is not cached: it has no contents"))
                continue
            }
            do {
                let sha = try volume.add(.layer(folder, buildpack: id, name: layer.name, isExternal: true, form))
                layers[layer.name] = LifecycleMetadata.Layer(sha: sha, data: layer.metadata, types: layer.types)
                guard !layer.types.contains(.launch) else { continue }
                emit(.layer(.cached, LayerSummary(layer, of: id, in: part.layersDirectory)))
            } catch {
                emit(.notice("\(id): cannot cache layer \(layer.name): \(error)"))
            }
        }
        return LifecycleMetadata.Buildpack(key: id, version: part.buildpack.version, layers: layers)
    }
}
