import SystemPackage
import TestSupport

/// mixpack into an OCI layout, with the run image at hand.
struct MixpackContender: Contender {
    let name = "mixpack"
    let mixpack: MixpackProgram
    let output: FilePath

    func forget(_ project: BenchProject) async throws {
        let names = mixpack.cache.isThere ? try mixpack.cache.names() : []
        let caches = names.filter { $0.hasPrefix(project.folder.lastComponent?.string ?? "?") }
        for cache in caches { try mixpack.cache.appending(cache).remove() }
        for made in [output, mixpack.images] where made.isThere { try made.remove() }
    }

    func build(_ project: BenchProject) async throws -> Double {
        try await mixpack.run(arguments(project)).succeeded().seconds
    }

    func arguments(_ project: BenchProject) -> [String] {
        [
            "build", project.name, "--path", project.folder.string, "--ui=plain", "--output",
            "oci:\(output):\(project.name)",
        ]
    }
}
