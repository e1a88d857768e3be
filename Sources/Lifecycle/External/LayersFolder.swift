import BuildpackAPI
import BuildpackFiles
import Diagnostics
import Files
import Glibc
import SystemPackage
import TOMLCoding

/// What `bin/build` left in its layers folder: layers, launch.toml, build.toml, store.toml
/// ([buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#phase-5-build-component-buildpacks-only)).
struct LayersFolder {
    let path: FilePath
    let manifest: BuildpackManifest
    /// What is odd, but taken.
    private(set) var warnings: [String] = []

    /// The files that are not layers' own.
    private static let reserved: Set<String> = ["launch.toml", "build.toml", "store.toml"]

    private var api: APIVersion { manifest.api }

    /// Reads everything; layers that are for nothing are set aside.
    /// - Throws: `Failure` that names what is wrong.
    mutating func result(plan: [BuildPlan.Requirement], planAfter: TOMLTable?) throws -> BuildResult {
        let launchTable = try table("launch.toml")
        let launch = try LaunchFile(launchTable, api: api)
        warnings += launch.warnings
        let unmet = try BuildPlanFile(api: api).unmet(of: plan, planAfter: planAfter, build: try table("build.toml"))
        let store = try table("store.toml")?.table("metadata")?.metadata
        let layers = try layers()
        try checkBills(of: layers)
        var result = BuildResult(
            layers: layers.filter { !$0.types.isEmpty }, processes: launch.processes, labels: launch.labels,
            unmet: unmet, slices: launch.slices, store: store)
        if manifest.isOwn { try OwnLaunchTable.fill(&result, from: launchTable) }
        return result
    }

    private func table(_ name: String) throws -> TOMLTable? { try ContractFile.table(of: path.appending(name)) }

    private mutating func layers() throws -> [LayerContribution] {
        var layers: [LayerContribution] = []
        let names = path.names
        for file in names where file.hasSuffix(".toml") && !Self.reserved.contains(file) {
            layers.append(try layer(String(file.dropLast(".toml".count)), file))
        }
        if api >= APIVersion(0, 6) { try setAside(besides: Set(layers.filter { !$0.types.isEmpty }.map(\.name))) }
        return layers.sorted { $0.name < $1.name }
    }

    private mutating func layer(_ name: String, _ file: String) throws -> LayerContribution {
        guard !name.isEmpty, name != ".", name != ".." else {
            throw Failure(.malformed, "a layer cannot be called \"\(name)\"")
        }
        guard let table = try table(file) else { throw Failure(.malformed, "cannot read \(file)") }
        let layer = try LayerFile(table, api: api)
        if let warning = layer.warning { warnings.append(warning) }
        switch path.appending(name).kind {
        case .missing, .folder: break
        case .link: throw Failure(.malformed, "the layer \(name) is a link, not a folder")
        case .file, .other: throw Failure(.malformed, "the layer \(name) is a file, not a folder")
        }
        return LayerContribution(name, types: layer.types, metadata: layer.metadata)
    }

    /// Renames the folders of layers that are for nothing, with or without a toml, to `NAME.ignore`.
    private func setAside(besides used: Set<String>) throws {
        for name in path.names where !used.contains(name) && !name.hasSuffix(".ignore") {
            let folder = path.appending(name)
            guard folder.kind == .folder else { continue }
            let aside = path.appending(name + ".ignore")
            try aside.remove()
            guard rename(folder.nameBytes, aside.nameBytes) == 0 else {
                throw Failure(.malformed, "cannot rename \(name): \(Errno(rawValue: errno))")
            }
        }
    }

    private mutating func checkBills(of layers: [LayerContribution]) throws {
        let bills = BillOfMaterials.files(in: path)
        guard !bills.isEmpty else { return }
        guard api >= APIVersion(0, 7) else {
            warnings.append("Buildpack API \(api) has no bills of materials; ignored")
            return
        }
        for bill in bills { try bill.check(manifest) }
    }
}

/// A layer's toml: what the layer is for, and what is kept about it
/// ([Buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#layer-content-metadata-toml)).
struct LayerFile: Hashable {
    var types: LayerTypes
    var metadata: [String: MetadataValue]
    /// What is odd, but taken.
    var warning: String?

    /// Reads the file as the buildpack's API has it: from 0.6 on the types are a table of their own.
    init(_ root: TOMLTable, api: APIVersion) throws {
        metadata = try root.table("metadata")?.metadata ?? [:]
        guard api >= APIVersion(0, 6) else {
            types = try Self.types(root)
            warning = root["types"] == nil ? nil : "\(root.fileName): Buildpack API \(api) has no [types]; ignored"
            return
        }
        for (name, _) in LayerTypes.named where root[name] != nil {
            throw root.error(at: name, "\(name) belongs in [types] from Buildpack API 0.6 on")
        }
        types = try root.table("types").map(Self.types) ?? []
    }

    private static func types(_ table: TOMLTable) throws -> LayerTypes {
        try LayerTypes.named.reduce(into: []) { types, named in
            if try table.boolean(named.name) ?? false { types.formUnion(named.type) }
        }
    }

    /// The file that a restored layer gets: its metadata; up to API 0.5 its flags too.
    static func restored(
        types: LayerTypes, metadata: [String: MetadataValue], api: APIVersion
    ) -> String {
        var root = TOMLTable(entries: [])
        if api < APIVersion(0, 6) {
            for (name, type) in LayerTypes.named { root.set(name, .boolean(types.contains(type))) }
        }
        if !metadata.isEmpty { root.set("metadata", .table(TOMLTable(metadata: metadata))) }
        return TOMLWriter.text(of: root)
    }
}
