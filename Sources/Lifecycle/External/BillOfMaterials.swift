import Diagnostics
import Files
import SystemPackage

/// One of a buildpack's software bills of materials: `<layer>|launch|build.sbom.<format>.json`.
struct BillOfMaterials: Hashable {
    /// The file's name.
    let name: String
    /// What it is of: a layer's name, `launch` or `build`.
    let subject: String
    /// The file's ending: `cdx.json`, `spdx.json`, `syft.json`; `nil` for one that is not known.
    let format: String?

    private static let mediaTypes = [
        "cdx.json": "application/vnd.cyclonedx+json", "spdx.json": "application/spdx+json",
        "syft.json": "application/vnd.syft+json",
    ]

    /// The formats that are known.
    static var formats: [String] { mediaTypes.keys.sorted() }

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
