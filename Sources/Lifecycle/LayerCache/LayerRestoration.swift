import BuildpackAPI
import Files
import SystemPackage

/// Gives one external buildpack what the build before left for it
/// ([CNB Platform specification, Restorer](https://github.com/buildpacks/spec/blob/main/platform.md#restorer)).
///
/// A cached layer comes back with its contents, a layer that is only in the image with its metadata, any other not at all.
struct LayerRestoration {
    let buildpack: BuildpackDescriptor
    let folder: FilePath
    let layers: FilePath
    let cache: LayerCache
    let inImage: [String: LifecycleMetadata.Layer]
    let inCache: [String: LifecycleMetadata.Layer]
    let emit: EventEmitter

    /// Restores the layers.
    /// - Returns: the names of those that are there now.
    func restore() throws -> Set<String> {
        var restored: Set<String> = []
        for (name, known) in remembered().sorted(by: { $0.key < $1.key }) {
            try folder.appending(name + ".toml").replace(with: Array(text(of: known).utf8))
            guard try restoreContents(name, known) else {
                try folder.appending(name + ".toml").remove()
                try folder.appending(name).remove()
                continue
            }
            restored.insert(name)
            tell(name, known)
        }
        return restored
    }

    /// The layers whose metadata comes back, the image's in place of the cache's.
    private func remembered() -> [String: LifecycleMetadata.Layer] {
        var result: [String: LifecycleMetadata.Layer] = [:]
        for (name, layer) in inCache where layer.cache && Self.isName(name) { result[name] = layer }
        for (name, layer) in inImage where Self.isName(name) {
            result[name] = nil
            guard layer.launch, !layer.build || layer.cache else { continue }
            guard !layer.cache || inCache[name]?.cache == true else { continue }
            result[name] = layer
        }
        return result
    }

    /// Whether a label's name can be a layer's: labels come from outside.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains("/") && !["..", ".", "launch", "build", "store"].contains(name)
    }

    /// Unpacks a cached layer; `false` means that the layer must not come back.
    private func restoreContents(_ name: String, _ known: LifecycleMetadata.Layer) throws -> Bool {
        guard known.cache, let cached = inCache[name] else { return true }
        guard cached.sha == known.sha else {
            emit(.notice("\(buildpack.id): layer \(name) is not restored: the cache and the image have different ones"))
            return false
        }
        do {
            try cache.extract(cached.sha, [ProjectCache.escaped(buildpack.id), name], into: layers)
            return true
        } catch let error as CancellationError {
            throw error
        } catch {
            emit(.notice("\(buildpack.id): layer \(name) is not restored: \(error)"))
            return false
        }
    }

    private func text(of layer: LifecycleMetadata.Layer) -> String {
        let api = APIVersion(buildpack.api) ?? APIVersion.supported.upperBound
        return LayerFile.restored(types: layer.types, metadata: layer.metadata, api: api)
    }

    private func tell(_ name: String, _ layer: LifecycleMetadata.Layer) {
        let reason = layer.cache ? "from the cache" : "metadata from the previous image"
        let contribution = LayerContribution(name, types: layer.types, reason: reason)
        var summary = LayerSummary(contribution, of: buildpack.id, in: folder)
        if !layer.cache { summary.directory = nil }
        emit(.layer(.restored, summary))
    }
}
