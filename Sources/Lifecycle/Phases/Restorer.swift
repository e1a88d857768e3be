import BuildpackAPI
import BuildpackFiles
import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage
import TOMLCoding

/// The third phase: what earlier builds of the project left for this one.
struct Restorer {
    let buildpacks: BuildpackStore
    let cache: ProjectCache
    let previous: PreviousImage?
    var form = ImageForm()
    let emit: EventEmitter

    /// Tells which layers are there from the build before, and gives external buildpacks theirs back.
    ///
    /// The layers of buildpacks in this process stand where they were made; there is nothing to unpack.
    func restore(_ plan: ResolvedPlan) async throws {
        let group = try plan.group.map { try buildpacks.buildpack($0) }
        let own = Set(group.filter { !$0.isExternal }.map(\.descriptor.id))
        for layer in KeptLayers.read(from: cache) where own.contains(layer.buildpack ?? "") {
            emit(.layer(.restored, layer))
        }
        let external = group.filter(\.isExternal).map(\.descriptor)
        if !external.isEmpty { try await restore(external) }
    }

    private func restore(_ group: [BuildpackDescriptor]) async throws {
        let layerCache = LayerCache(volume: cache.volume, top: top)
        let cached = layerCache.metadata()
        let bills = BillFolders(layers: cache.layers)
        try bills.clear()
        try await restoreBills(cached, layerCache)
        for buildpack in group {
            try Task.checkCancellation()
            let folder = cache.layers.appending(ProjectCache.escaped(buildpack.id))
            try folder.remove()
            try folder.makeFolders()
            try writeStore(of: buildpack, in: folder)
            let restoration = LayerRestoration(
                buildpack: buildpack, folder: folder, layers: cache.layers, cache: layerCache,
                inImage: previous?.metadata.layers(of: buildpack.id) ?? [:],
                inCache: cached.layers(of: buildpack.id), emit: emit)
            try bills.restore(buildpack.id, in: folder, layers: try restoration.restore())
        }
        try bills.clear()
    }

    private var top: [String] { form.layers.split(separator: "/").map(String.init) }

    /// Gives buildpacks what they kept in store.toml, and nothing else.
    func restoreStores(_ plan: ResolvedPlan) throws {
        for reference in plan.group {
            let buildpack = try buildpacks.buildpack(reference).descriptor
            try writeStore(of: buildpack, in: try cache.layersDirectory(of: buildpack.id))
        }
    }

    private func writeStore(of buildpack: BuildpackDescriptor, in folder: FilePath) throws {
        guard let kept = previous?.metadata.store(of: buildpack.id) else { return }
        let table: TOMLTable = ["metadata": .table(TOMLTable(metadata: kept))]
        try folder.appending("store.toml").replace(with: Array(TOMLWriter.text(of: table).utf8))
    }

    /// Unpacks the bills of materials of the cache and of the image before.
    private func restoreBills(_ cached: CacheMetadata, _ layerCache: LayerCache) async throws {
        if let sha = cached.sbom?.sha, !sha.isEmpty {
            try? layerCache.extract(sha, ["sbom", "cache"], into: cache.layers)
        }
        guard let previous, let sha = previous.metadata.sbom?.sha, let diffID = try? Digest(sha),
            let layer = previous.layer(diffID)
        else { return }
        do {
            var extraction = LayerExtraction(["sbom", "launch"], of: top, into: cache.layers)
            try extraction.extract(try await previous.blobs.blob(layer.descriptor).input)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(
                .analysisFailed, "cannot read the bills of materials of the previous image: \(error)",
                advice: previous.place == nil
                    ? "remove the image from the store, and build again"
                    : "build with --previous-image and the name of another image")
        }
    }
}
