import Files
import FoundationEssentials
import SystemPackage

/// What the cache holds: `io.buildpacks.lifecycle.cache.metadata` (CNB Platform specification, "Cache").
struct CacheMetadata: Codable, Hashable {
    static let fileName = "io.buildpacks.lifecycle.cache.metadata"

    var sbom: LifecycleMetadata.Sha?
    var buildpacks: [LifecycleMetadata.Buildpack] = []

    /// Reads the metadata; what is missing or no JSON is an empty cache.
    init(in folder: FilePath) {
        let bytes = (try? folder.appending(Self.fileName).bytes()) ?? []
        self = (try? JSONDecoder().decode(CacheMetadata.self, from: Data(bytes))) ?? CacheMetadata()
    }

    init() {}

    /// A buildpack's cached layers by name.
    func layers(of buildpack: String) -> [String: LifecycleMetadata.Layer] {
        buildpacks.first { $0.key == buildpack }?.layers.filter(\.value.cache) ?? [:]
    }

    /// Replaces the metadata of a folder.
    func write(in folder: FilePath) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try folder.appending(Self.fileName).replace(with: Array(encoder.encode(self)))
    }
}
