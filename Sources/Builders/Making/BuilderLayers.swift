import BuildpackAPI
import LayerArchive
import Lifecycle
import SystemPackage
import TOMLCoding

/// The layers of a builder, in pack's order and form.
struct BuilderLayers {
    /// The user and group of builds.
    let owner: Owner

    /// The folders that a builder has, with those that builds write to.
    var folders: LayerContents {
        let own = ["/workspace", "/layers"].map { LayerContents.Item.directory($0, mode: 0o755, owner: owner) }
        let others = [
            "/cnb", "/cnb/buildpacks", "/cnb/extensions", "/platform", "/platform/env", "/cnb/build-config",
            "/cnb/build-config/env",
        ]
        return LayerContents(own + others.map { .directory($0, mode: 0o755, owner: .root) })
    }

    /// The layer of one buildpack or extension.
    static func module(_ module: BuilderModule, in folder: FilePath, _ kind: LoadedModule.Kind) -> LayerContents {
        let parent = "/cnb/\(kind.folder)/\(ProjectCache.escaped(module.id))"
        return LayerContents([
            .directory(parent, mode: 0o755, owner: .root),
            .tree(folder, at: "\(parent)/\(module.version)", owner: .root, rule: LayerContents.Tree.plainModes),
        ])
    }

    /// The layers of files, each with words for the image's history.
    func files(
        order: [[BuildpackReference]], extensionOrder: [[BuildpackReference]], system: SystemBuildpacks,
        runImages: [BuilderRunImage], environment: [String: String]
    ) -> [(contents: LayerContents, words: String)] {
        var root = TOMLTable()
        if !order.isEmpty { root.set("order", .tables(order.map(Self.group))) }
        if !extensionOrder.isEmpty { root.set("order-extensions", .tables(extensionOrder.map(Self.group))) }
        var files = [(file("order.toml", root), "order.toml")]
        if !system.isEmpty {
            var tables = TOMLTable()
            for (key, references) in [("pre", system.first), ("post", system.last)] where !references.isEmpty {
                tables.set(key, .table(["buildpacks": .tables(references.map(Self.table))]))
            }
            files.append((file("system.toml", ["system": .table(tables)]), "system.toml"))
        }
        if let first = runImages.first {
            files.append((file("stack.toml", ["run-image": .table(Self.table(first))]), "stack.toml"))
        }
        files.append((file("run.toml", ["images": .tables(runImages.map(Self.table))]), "run.toml"))
        if !environment.isEmpty {
            let items = environment.sorted { $0.key < $1.key }.map { name, value in
                LayerContents.Item.file(
                    Array(value.utf8), path: "/cnb/build-config/env/\(name)", mode: 0o644, owner: .root)
            }
            files.append((LayerContents(items), "build-config"))
        }
        return files
    }

    private func file(_ name: String, _ table: TOMLTable) -> LayerContents {
        LayerContents([
            .file(Array(TOMLWriter.text(of: table).utf8), path: "/cnb/\(name)", mode: 0o644, owner: .root)
        ])
    }

    private static func group(_ references: [BuildpackReference]) -> TOMLTable {
        ["group": .tables(references.map(table))]
    }

    private static func table(_ reference: BuildpackReference) -> TOMLTable {
        var table: TOMLTable = ["id": .string(reference.id)]
        table.set("version", reference.version.map { .string($0) })
        if reference.isOptional { table.set("optional", true) }
        if let environments = reference.executionEnvironments { table.set("exec-env", .strings(environments)) }
        return table
    }

    private static func table(_ image: BuilderRunImage) -> TOMLTable {
        var table: TOMLTable = ["image": .string(image.image)]
        if !image.mirrors.isEmpty { table.set("mirrors", .strings(image.mirrors)) }
        return table
    }
}
