import BuildpackAPI
import BuildpackFiles
import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage
import TOMLCoding

/// One of mixpack's own buildpacks as an ordinary one.
struct PackagedBuildpack {
    let descriptor: BuildpackDescriptor
    let stacks: [String]

    /// `id@version`.
    var title: String { "\(descriptor.id)@\(descriptor.version)" }

    /// The last part of the id.
    var folderName: String { descriptor.id.split(separator: ".").last.map(String.init) ?? descriptor.id }

    private var isComposite: Bool { !descriptor.order.isEmpty }

    /// buildpack.toml.
    var manifest: String {
        var buildpack: TOMLTable = [
            "id": .string(descriptor.id), "version": .string(descriptor.version), "name": .string(descriptor.name),
        ]
        buildpack.set("homepage", descriptor.homepage.map { .string($0) })
        var root: TOMLTable = ["api": .string(descriptor.api), "buildpack": .table(buildpack)]
        if isComposite {
            root.set("order", .tables(descriptor.order.map { ["group": .tables($0.map(Self.table))] }))
        } else {
            let target = BuildTarget.current
            root.set("targets", .tables([["os": .string(target.os), "arch": .string(target.architecture)]]))
            root.set("stacks", .tables(stacks.map { ["id": .string($0)] }))
            // A release needs no shell but the run image's smallest.
            root.set("metadata", [OwnLaunchTable.key: ["needs-bash": false]])
        }
        return TOMLWriter.text(of: root)
    }

    private static func table(of reference: BuildpackReference) -> TOMLTable {
        var table: TOMLTable = ["id": .string(reference.id)]
        table.set("version", reference.version.map { .string($0) })
        if reference.isOptional { table.set("optional", .boolean(true)) }
        return table
    }

    /// Writes the folder.
    func write(to folder: FilePath, program: FilePath) throws {
        let executable: FilePermissions = [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        let readable: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
        try folder.makeFolders()
        try folder.appending("buildpack.toml").replace(with: Array(manifest.utf8), mode: readable)
        for path in [folder, isComposite ? nil : folder.appending("bin")].compactMap({ $0 }) {
            try path.makeFolders()
            chmod(path.string, 0o755)
        }
        guard !isComposite else { return }
        let bytes = try program.bytes()
        try folder.appending("bin/build").replace(with: bytes, mode: executable)
        try folder.appending("bin/detect").makeLink(to: "build")
    }

    /// The layer of a buildpackage.
    func contents(program: FilePath) -> LayerContents {
        let id = "/cnb/buildpacks/" + ProjectCache.escaped(descriptor.id)
        let root = id + "/" + descriptor.version
        let folders = ["/cnb", "/cnb/buildpacks", id, root]
        var items: [LayerContents.Item] = folders.map { .directory($0, mode: 0o755, owner: .root) }
        if !isComposite {
            items += [
                .directory(root + "/bin", mode: 0o755, owner: .root),
                .copy(program, path: root + "/bin/build", mode: 0o755, owner: .root),
                .symlink(target: "build", path: root + "/bin/detect", mode: 0o777, owner: .root),
            ]
        }
        items.append(.file(Array(manifest.utf8), path: root + "/buildpack.toml", mode: 0o644, owner: .root))
        return LayerContents(items)
    }

    // MARK: Labels

    /// A stack by its id.
    struct Stack: Encodable {
        var id: String
    }

    struct Target: Encodable {
        var os: String
        var arch: String
    }

    /// A buildpack of an order.
    struct Member: Encodable {
        var id: String
        var version: String?
        var optional: Bool?
    }

    /// A group of an order.
    struct Group: Encodable {
        var group: [Member]
    }

    /// The package's own buildpack, as its label says it.
    struct Metadata: Encodable {
        var id: String
        var version: String
        var name: String
        var homepage: String?
        var stacks: [Stack]?
        var targets: [Target]?
    }

    /// A buildpack's entry in the list of layers.
    struct Label: Encodable {
        var api: String
        var name: String
        var homepage: String?
        var stacks: [Stack]?
        var targets: [Target]?
        var order: [Group]?
        var layerDiffID: String
    }

    private var targets: [Target] {
        [Target(os: BuildTarget.current.os, arch: BuildTarget.current.architecture)]
    }
    private var stackList: [Stack]? { stacks.isEmpty ? nil : stacks.map(Stack.init) }

    /// The value of the package's metadata label.
    var metadata: Metadata {
        Metadata(
            id: descriptor.id, version: descriptor.version, name: descriptor.name, homepage: descriptor.homepage,
            stacks: stackList, targets: targets)
    }

    /// The entry in the label of layers.
    func label(_ diffID: Digest) -> Label {
        let order = descriptor.order.map { group in
            Group(
                group: group.map {
                    Member(id: $0.id, version: $0.version, optional: $0.isOptional ? true : nil)
                })
        }
        return Label(
            api: descriptor.api, name: descriptor.name, homepage: descriptor.homepage, stacks: stackList,
            targets: isComposite ? nil : targets, order: isComposite ? order : nil, layerDiffID: "\(diffID)")
    }
}
