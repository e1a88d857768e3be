import BuildpackAPI
import BuildpackFiles
import TOMLCoding

/// A layer's toml: what the layer is for, and what is kept about it (Buildpack specification, "Layer Content Metadata").
struct LayerFile: Hashable {
    var types: LayerTypes
    var metadata: [String: MetadataValue]
    /// What is odd, but taken.
    var warning: String?

    private static let flags: [(String, LayerTypes)] = [
        ("launch", .launch), ("build", .build), ("cache", .cache),
    ]

    /// Reads the file as the buildpack's API has it: from 0.6 on the types are a table of their own.
    init(_ root: TOMLTable, api: APIVersion) throws {
        metadata = try root.table("metadata")?.metadata ?? [:]
        guard api >= APIVersion(0, 6) else {
            types = try Self.types(root)
            warning = root["types"] == nil ? nil : "\(root.fileName): [types] is not of Buildpack API \(api); ignored"
            return
        }
        for (name, _) in Self.flags where root[name] != nil {
            throw root.error(at: name, "\(name) belongs in [types] from Buildpack API 0.6 on")
        }
        types = try root.table("types").map(Self.types) ?? []
    }

    private static func types(_ table: TOMLTable) throws -> LayerTypes {
        try flags.reduce(into: []) { types, flag in
            if try table.boolean(flag.0) ?? false { types.formUnion(flag.1) }
        }
    }

    /// The file that a restored layer gets: its metadata; up to API 0.5 its flags too.
    static func restored(
        types: LayerTypes, metadata: [String: MetadataValue], api: APIVersion
    ) -> String {
        var root = TOMLTable(entries: [])
        if api < APIVersion(0, 6) {
            for (name, type) in flags { root.set(name, .boolean(types.contains(type))) }
        }
        if !metadata.isEmpty { root.set("metadata", .table(TOMLTable(metadata: metadata))) }
        return TOMLWriter.text(of: root)
    }
}
