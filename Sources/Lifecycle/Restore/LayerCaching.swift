import BuildpackAPI
import Files
import LayerArchive
import SystemPackage

/// Keeps the cached layers of external buildpacks for the next build; a failure to do so never fails the build.
struct LayerCaching {
    let cache: ProjectCache
    let emit: EventEmitter

    /// Writes the new state of the cache, which then takes the old one's place.
    /// - Throws: `CancellationError` only.
    func store(_ built: BuiltLayers) async throws {
        guard built.hasWorkspace else { return }
        let volume = LayerCache(volume: cache.volume)
        do {
            try volume.begin()
            var metadata = CacheMetadata()
            for part in built.parts where part.isExternal {
                try Task.checkCancellation()
                metadata.buildpacks.append(entry(of: part, in: volume))
            }
            let bills = BillFolders(layers: cache.layers).cache
            if bills.isFolder { metadata.sbom = .init(sha: try volume.add(.bills(bills, name: "cache"))) }
            try volume.commit(metadata)
        } catch let error as CancellationError {
            throw error
        } catch {
            emit(.notice("layers are not cached: \(error)"))
        }
    }

    private func entry(of part: BuiltLayers.Part, in volume: LayerCache) -> LifecycleMetadata.Buildpack {
        let id = part.buildpack.id
        var layers: [String: LifecycleMetadata.Layer] = [:]
        for layer in part.result.layers where layer.types.contains(.cache) {
            let folder = part.layersDirectory.appending(layer.name)
            guard folder.exists else {
                emit(.notice("\(id): layer \(layer.name) is not cached: it has no contents"))
                continue
            }
            do {
                let sha = try volume.add(.externalLayer(folder, buildpack: id, name: layer.name))
                layers[layer.name] = LifecycleMetadata.Layer(sha: sha, data: layer.metadata, types: layer.types)
                guard !layer.types.contains(.launch) else { continue }
                emit(.layer(.cached, LayerSummary(layer, of: id, in: part.layersDirectory)))
            } catch {
                emit(.notice("\(id): layer \(layer.name) is not cached: \(error)"))
            }
        }
        return LifecycleMetadata.Buildpack(key: id, version: part.buildpack.version, layers: layers)
    }
}
