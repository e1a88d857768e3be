import BuildpackAPI
import Files
import SystemPackage

/// `/layers/sbom`: the bills of materials of a group, by what they are for (Buildpack specification, "Bill-of-Materials").
struct BillFolders {
    let layers: FilePath

    /// The folder of all bills.
    var root: FilePath { layers.appending("sbom") }
    /// The bills that go into the image.
    var launch: FilePath { root.appending("launch") }
    /// The bills of cached layers.
    var cache: FilePath { root.appending("cache") }

    /// Begins a build: there are no bills yet.
    func clear() throws { try root.remove() }

    /// Takes the bills of one buildpack from its layers folder.
    func collect(_ buildpack: String, in folder: FilePath, _ contributions: [LayerContribution]) throws {
        let id = ProjectCache.escaped(buildpack)
        for bill in BillOfMaterials.files(in: folder) {
            guard let format = bill.format, let bytes = try ContractFile.bytes(of: folder.appending(bill.name)) else {
                continue
            }
            for place in places(of: bill, id, contributions) {
                try place.makeFolders()
                try place.appending("sbom." + format).replace(with: bytes)
            }
        }
    }

    private func places(of bill: BillOfMaterials, _ id: String, _ contributions: [LayerContribution]) -> [FilePath] {
        if bill.subject == "launch" { return [launch.appending(id)] }
        if bill.subject == "build" { return [root.appending("build").appending(id)] }
        guard let layer = contributions.first(where: { $0.name == bill.subject }) else { return [] }
        let side = layer.types.contains(.launch) ? launch : root.appending("build")
        var places = [side.appending(id).appending(layer.name)]
        if layer.types.contains(.cache) { places.append(cache.appending(id).appending(layer.name)) }
        return places
    }

    /// Gives restored layers their bills back; those of the image win over the cache's.
    func restore(_ buildpack: String, in folder: FilePath, layers names: Set<String>) throws {
        let id = ProjectCache.escaped(buildpack)
        for side in [cache, launch] {
            for name in names.sorted() {
                let place = side.appending(id).appending(name)
                for format in BillOfMaterials.formats {
                    guard let bytes = try ContractFile.bytes(of: place.appending("sbom." + format)) else { continue }
                    try folder.appending("\(name).sbom.\(format)").replace(with: bytes)
                }
            }
        }
    }
}
