import BuildpackAPI
import Files
import Glibc
import SystemPackage
import TOMLCoding

/// Writes what a buildpack contributed as the files of the specification: a toml a layer, launch.toml, build.toml, store.toml,
/// bills of materials.
struct ResultFiles {
    let layers: FilePath

    /// Writes the files; launch layers get modes that do not depend on who built them.
    func write(_ result: BuildResult) throws {
        for layer in result.layers {
            if !layer.environment.isEmpty {
                try EnvironmentFiles(layer: layers.appending(layer.name)).write(layer.environment)
            }
            try write(Self.table(of: layer), to: layer.name + ".toml")
            if layer.types.contains(.launch) { PlainModes.set(below: layers.appending(layer.name)) }
        }
        try write(Self.launch(result), to: "launch.toml")
        if !result.unmet.isEmpty {
            try write(["unmet": .tables(result.unmet.map { ["name": .string($0)] })], to: "build.toml")
        }
        for (ending, bytes) in result.bills {
            try layers.appending("launch.sbom." + ending).writeText(String(decoding: bytes, as: UTF8.self))
        }
        if let store = result.store { try write(["metadata": .table(TOMLTable(metadata: store))], to: "store.toml") }
    }

    private func write(_ table: TOMLTable, to name: String) throws {
        try layers.appending(name).writeText(TOMLWriter.text(of: table))
    }

    private static func table(of layer: LayerContribution) -> TOMLTable {
        var types = TOMLTable(entries: [])
        for (name, type) in LayerTypes.named { types.set(name, .boolean(layer.types.contains(type))) }
        var table: TOMLTable = ["types": .table(types)]
        if !layer.metadata.isEmpty { table.set("metadata", .table(TOMLTable(metadata: layer.metadata))) }
        return table
    }

    private static func launch(_ result: BuildResult) -> TOMLTable {
        var table = TOMLTable(entries: [])
        let labels = result.labels.sorted { $0.key < $1.key }
        if !labels.isEmpty {
            table.set("labels", .tables(labels.map { ["key": .string($0.key), "value": .string($0.value)] }))
        }
        if !result.processes.isEmpty { table.set("processes", .tables(result.processes.map(process))) }
        if !result.slices.isEmpty { table.set("slices", .tables(result.slices.map { ["paths": .strings($0)] })) }
        table.set(OwnLaunchTable.key, OwnLaunchTable.table(of: result).map { .table($0) })
        return table
    }

    /// A process as Buildpack API 0.9 and later have it: direct, its command an array.
    private static func process(_ process: ProcessType) -> TOMLTable {
        var table: TOMLTable = [
            "type": .string(process.type), "command": .strings(process.command),
            "args": .strings(process.arguments), "default": .boolean(process.isDefault),
        ]
        table.set("working-dir", process.workingDirectory.map { .string($0) })
        return table
    }
}

/// Modes that do not depend on who built: 755 for folders and what may be executed, 644 for other files.
enum PlainModes {
    static func set(below path: FilePath) {
        guard let stamp = FileStamp(of: path) else { return }
        switch stamp.kind {
        case .folder:
            chmod(path.nameBytes, 0o755)
            for name in path.names { set(below: path.appending(name)) }
        case .file: chmod(path.nameBytes, stamp.mode & 0o100 == 0 ? 0o644 : 0o755)
        case .link, .other, .missing: break
        }
    }
}
