import BuildpackAPI
import Diagnostics
import Files
import SystemPackage

/// One of a buildpack's software bills of materials: `<layer>|launch|build.sbom.<format>.json`.
struct BillOfMaterials: Hashable {
    let name: String
    /// What it is of: a layer's name, `launch` or `build`.
    let subject: String
    /// The file's ending: `cdx.json`, `spdx.json`, `syft.json`; `nil` for one that is not known.
    let format: String?

    private static let mediaTypes = [
        "cdx.json": "application/vnd.cyclonedx+json", "spdx.json": "application/spdx+json",
        "syft.json": "application/vnd.syft+json",
    ]

    static var formats: [String] { mediaTypes.keys.sorted() }
    /// The media types of the bills that mixpack's own buildpacks write.
    static let ownTypes = ["cdx.json", "spdx.json"].compactMap { mediaTypes[$0] }

    /// The bills in a buildpack's layers folder, sorted.
    static func files(in folder: FilePath) -> [BillOfMaterials] {
        folder.names.compactMap(BillOfMaterials.init)
    }

    /// Reads a file's name; `nil` for one that is no bill.
    init?(_ name: String) {
        guard name.hasSuffix(".json"), let range = name.ranges(of: ".sbom.").last else { return nil }
        let ending = String(name[range.upperBound...])
        guard !ending.isEmpty, range.lowerBound != name.startIndex else { return nil }
        self.name = name
        subject = String(name[..<range.lowerBound])
        format = Self.mediaTypes[ending] == nil ? nil : ending
    }

    /// Refuses a bill of a format that is not known, or that buildpack.toml does not list.
    func check(_ manifest: BuildpackManifest) throws {
        guard let format, let type = Self.mediaTypes[format] else {
            throw Failure(.malformed, "unsupported SBOM file format: \(name)")
        }
        guard manifest.billTypes.contains(type) else {
            throw Failure(
                .malformed, "undeclared SBOM media type: \(name) is \(type), which sbom-formats does not list")
        }
    }
}

/// `/layers/sbom`: the bills of materials of a group, by what they are for
/// ([Buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#software-bill-of-materials)).
struct BillFolders {
    let layers: FilePath

    var root: FilePath { layers.appending("sbom") }
    /// The bills that go into the image.
    var launch: FilePath { root.appending("launch") }
    /// The bills of cached layers.
    var cache: FilePath { root.appending("cache") }

    /// Begins a build: there are no bills yet.
    func clear() throws { try root.remove() }

    /// Takes the bills of a buildpack in this process.
    func add(_ bills: [String: [UInt8]], of buildpack: String) throws {
        let place = launch.appending(ProjectCache.escaped(buildpack))
        for (format, bytes) in bills {
            try place.makeFolders()
            try place.appending("sbom." + format).replace(with: bytes)
        }
    }

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
