import OCIImage
import SystemPackage
import TestSupport

/// mixpack into an OCI layout, with the run image at hand.
struct MixpackContender: Contender {
    let name = "mixpack"
    let mixpack: MixpackProgram
    let output: FilePath

    /// Forgets caches and images, all but the run image.
    func forget(_ project: BenchProject) async throws {
        let names = mixpack.cache.isThere ? try mixpack.cache.names() : []
        let caches = names.filter { $0.hasPrefix(project.folder.lastComponent?.string ?? "?") }
        for cache in caches { try mixpack.cache.appending(cache).remove() }
        if output.isThere { try output.remove() }
        let store = ImageStore(root: mixpack.images)
        for image in try store.list() where image.reference.repository != "run-image" {
            try store.remove([StoreItem(image.reference)])
        }
        try store.collectGarbage()
    }

    /// The seconds that a container engine takes to get the image that was built last.
    func load(_ project: BenchProject, into host: String) async throws -> Double {
        let arguments = ["build", project.name, "--path", project.folder.string, "--ui=plain"]
        let without = try await mixpack.run(arguments).succeeded().seconds
        let with = try await mixpack.run(arguments, environment: MixpackProgram.engine(at: host)).succeeded().seconds
        return with - without
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
