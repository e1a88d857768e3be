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

    var title: String { "\(descriptor.id)@\(descriptor.version)" }

    var folderName: String { descriptor.id.split(separator: ".").last.map(String.init) ?? descriptor.id }

    var isComposite: Bool { !descriptor.order.isEmpty }

    var manifest: String {
        var buildpack: TOMLTable = [
            "id": .string(descriptor.id), "version": .string(descriptor.version), "name": .string(descriptor.name),
        ]
        buildpack.set("homepage", descriptor.homepage.map { .string($0) })
        var root: TOMLTable = ["api": .string(descriptor.api), "buildpack": .table(buildpack)]
        if isComposite {
            root.set("order", .tables(descriptor.order.map { ["group": .tables($0.map(Self.table))] }))
        } else {
            buildpack.set("sbom-formats", .strings(BillOfMaterials.ownTypes))
            root.set("buildpack", .table(buildpack))
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

    /// Where a component of a package has its program.
    enum Program {
        case file(FilePath)
        /// In another buildpack, by a path that is relative to `bin`.
        case link(String)
    }

    /// The folder below /cnb/buildpacks.
    var relativeRoot: String { ProjectCache.escaped(descriptor.id) + "/" + descriptor.version }

    /// What a package's layer has of it, from the folder of its id on.
    func items(program: Program) -> [LayerContents.Item] {
        let root = "/cnb/buildpacks/" + relativeRoot
        let id = "/cnb/buildpacks/" + ProjectCache.escaped(descriptor.id)
        var items: [LayerContents.Item] = [id, root].map { .directory($0, mode: 0o755, owner: .root) }
        if !isComposite {
            items.append(.directory(root + "/bin", mode: 0o755, owner: .root))
            switch program {
            case .file(let file): items.append(.copy(file, path: root + "/bin/build", mode: 0o755, owner: .root))
            case .link(let target): items.append(link(to: target, at: root + "/bin/build"))
            }
            items.append(link(to: "build", at: root + "/bin/detect"))
        }
        items.append(.file(Array(manifest.utf8), path: root + "/buildpack.toml", mode: 0o644, owner: .root))
        return items
    }

    private func link(to target: String, at path: String) -> LayerContents.Item {
        .symlink(target: target, path: path, mode: 0o777, owner: .root)
    }

    // MARK: Labels

    /// What both labels say.
    private var facts: [String: JSONValue?] {
        [
            "name": .string(descriptor.name), "homepage": descriptor.homepage.map { .string($0) },
            "stacks": stacks.isEmpty ? nil : .array(stacks.map { .object(["id": .string($0)]) }),
        ]
    }

    private var targets: JSONValue {
        let target = BuildTarget.current
        return .array([.object(["os": .string(target.os), "arch": .string(target.architecture)])])
    }

    /// The value of the package's metadata label.
    var metadata: JSONValue {
        let own: [String: JSONValue?] = [
            "id": .string(descriptor.id), "version": .string(descriptor.version), "targets": targets,
        ]
        return JSONValue(fields: facts.merging(own) { $1 })
    }

    /// The entry in the label of layers.
    func label(_ diffID: Digest) -> JSONValue {
        let order = descriptor.order.map { group in JSONValue.object(["group": .array(group.map(Self.json))]) }
        let own: [String: JSONValue?] = [
            "api": .string(descriptor.api), "targets": isComposite ? nil : targets,
            "order": isComposite ? .array(order) : nil, "layerDiffID": .string("\(diffID)"),
        ]
        return JSONValue(fields: facts.merging(own) { $1 })
    }

    private static func json(_ reference: BuildpackReference) -> JSONValue {
        JSONValue(fields: [
            "id": .string(reference.id), "version": reference.version.map { .string($0) },
            "optional": reference.isOptional ? .bool(true) : nil,
        ])
    }
}
