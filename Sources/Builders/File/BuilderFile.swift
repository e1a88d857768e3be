import BuildpackAPI
import Diagnostics
import Files
import Lifecycle
import SystemPackage
import TOMLCoding

/// builder.toml: what a builder is made of, with pack's keys and pack's rules.
package struct BuilderFile: Sendable {
    package var description = ""
    package var buildpacks: [ModuleSource] = []
    package var extensions: [ModuleSource] = []
    package var order: [[BuildpackReference]] = []
    package var extensionOrder: [[BuildpackReference]] = []
    package var system = SystemBuildpacks()
    /// The build image's name or place; `nil` where it is made from this machine.
    package var buildImage: String?
    /// The variables of builds, as files of `/cnb/build-config/env`: their names and contents.
    package var environmentFiles: [String: String] = [:]
    package var runImages: [BuilderRunImage] = []
    package var stackID: String?
    package var lifecycle: LifecycleChoice?
    package var targets: [TargetRule] = []
    /// What is odd, but taken.
    package var warnings: [String] = []
    /// Where the file names each buildpack of an order.
    private(set) var places: [BuildpackReference: Place] = [:]

    package init() {}

    /// A buildpack or an extension of the file, and where it is taken from.
    package struct ModuleSource: Sendable, Hashable {
        /// The id and the version that it has to have; `nil` is any.
        package var id: String?
        package var version: String?
        /// A folder, a tar, or an image place; relative to the file's folder.
        package var uri: String
        package var place: Place?

        package init(uri: String, id: String? = nil, version: String? = nil) {
            self.uri = uri
            self.id = id
            self.version = version
        }
    }

    /// Which lifecycle the file asks for.
    package enum LifecycleChoice: Sendable, Hashable {
        case version(String)
        case uri(String)
    }

    /// The place in the file at which an order names a buildpack.
    package func place(of reference: BuildpackReference) -> Place? { places[reference] }
}

extension BuilderFile {
    private static let keys = [
        "description", "buildpacks", "extensions", "order", "order-extensions", "system", "build", "run", "stack",
        "lifecycle", "targets",
    ]

    /// Reads a file.
    /// - Throws: `Failure` of code `usage` with line and column.
    package init(_ path: FilePath) throws(Failure) {
        do throws(Failure) {
            let text = String(decoding: try path.bytes(limit: 1 << 20), as: UTF8.self)
            try self.init(text, fileName: path.lastComponent?.string ?? path.string)
        } catch {
            throw error.coded(.usage)
        }
    }

    package init(_ text: String, fileName: String) throws(Failure) {
        let root = try TOMLDocument(parsing: text, fileName: fileName).root
        try root.rejectUnknownKeys(besides: Self.keys)
        description = try root.string("description") ?? ""
        for table in try root.tables("buildpacks") { buildpacks.append(try Self.source(table, in: "[[buildpacks]]")) }
        for table in try root.tables("extensions") { extensions.append(try Self.source(table, in: "[[extensions]]")) }
        order = try groups(root, "order")
        extensionOrder = try groups(root, "order-extensions")
        if let system = try root.table("system") { try read(system: system) }
        for table in try root.tables("targets") { targets.append(try Self.target(table)) }
        try read(images: root)
        lifecycle = try root.table("lifecycle").flatMap { table throws(Failure) in try Self.lifecycle(table) }
    }

    private static func source(_ table: TOMLTable, in name: String) throws(Failure) -> ModuleSource {
        try table.rejectUnknownKeys(besides: ["id", "version", "uri", "image"], in: name)
        let (uri, image) = (try filled(table, "uri"), try filled(table, "image"))
        guard uri == nil || image == nil else {
            throw table.error(at: "image", "\(name) has uri and image: one is enough")
        }
        guard let uri = uri ?? image.map({ $0.contains("://") ? $0 : "docker://\($0)" }) else {
            throw table.error(at: "uri", "\(name) has no uri: a folder, FILE.tgz, FILE.cnb or an image place")
        }
        var source = ModuleSource(uri: uri, id: try filled(table, "id"), version: try filled(table, "version"))
        source.place = table.error(at: "uri", "").place
        return source
    }

    private static func filled(_ table: TOMLTable, _ key: String) throws(Failure) -> String? {
        try table.string(key).flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: Order

    private mutating func groups(_ root: TOMLTable, _ key: String) throws(Failure) -> [[BuildpackReference]] {
        var groups: [[BuildpackReference]] = []
        for table in try root.tables(key) {
            try table.rejectUnknownKeys(besides: ["group"], in: "[[\(key)]]")
            groups.append(try references(table, "group", in: "[[\(key).group]]", canBeOptional: key == "order"))
        }
        return groups
    }

    private mutating func references(
        _ table: TOMLTable, _ key: String, in name: String, canBeOptional: Bool = true
    ) throws(Failure) -> [BuildpackReference] {
        var references: [BuildpackReference] = []
        for entry in try table.tables(key) {
            try entry.rejectUnknownKeys(besides: ["id", "version", "optional", "exec-env"], in: name)
            guard let id = try Self.filled(entry, "id") else { throw entry.error(at: "id", "\(name) has no id") }
            let isOptional = try entry.boolean("optional") ?? false
            guard canBeOptional || !isOptional else {
                throw entry.error(at: "optional", "every extension is optional already: leave the key out")
            }
            let reference = BuildpackReference(
                id: id, version: try Self.filled(entry, "version"), isOptional: isOptional,
                executionEnvironments: try entry.strings("exec-env"))
            if places[reference] == nil { places[reference] = entry.error(at: "id", "").place }
            references.append(reference)
        }
        return references
    }

    private mutating func read(system: TOMLTable) throws(Failure) {
        try system.rejectUnknownKeys(besides: ["pre", "post"], in: "[system]")
        if let table = try system.table("pre") {
            self.system.first = try references(table, "buildpacks", in: "[system.pre]")
        }
        if let table = try system.table("post") {
            self.system.last = try references(table, "buildpacks", in: "[system.post]")
        }
    }

    // MARK: Images

    private mutating func read(images root: TOMLTable) throws(Failure) {
        let (build, run, stack) = (try root.table("build"), try root.table("run"), try root.table("stack"))
        if let build {
            try build.rejectUnknownKeys(besides: ["image", "env"], in: "[build]")
            buildImage = try Self.filled(build, "image")
            try read(environment: try build.tables("env"))
        }
        if let run {
            try run.rejectUnknownKeys(besides: ["images"], in: "[run]")
            for table in try run.tables("images") {
                try table.rejectUnknownKeys(besides: ["image", "mirrors"], in: "[[run.images]]")
                guard let image = try Self.filled(table, "image") else {
                    throw table.error(at: "image", "[[run.images]] has no image")
                }
                runImages.append(BuilderRunImage(image: image, mirrors: try table.strings("mirrors") ?? []))
            }
        }
        if let stack { try read(stack: stack) }
    }

    /// The older form of the same: what both say has to agree.
    private mutating func read(stack: TOMLTable) throws(Failure) {
        try stack.rejectUnknownKeys(
            besides: ["id", "build-image", "run-image", "run-image-mirrors"], in: "[stack]")
        stackID = try Self.filled(stack, "id")
        if let image = try Self.filled(stack, "build-image") {
            guard buildImage == nil || buildImage == image else {
                throw stack.error(at: "build-image", "[stack] build-image is not [build] image")
            }
            buildImage = image
        }
        let mirrors = try stack.strings("run-image-mirrors") ?? []
        guard let image = try Self.filled(stack, "run-image") else {
            guard mirrors.isEmpty else { throw stack.error(at: "run-image-mirrors", "[stack] has no run-image") }
            return
        }
        guard let first = runImages.first else {
            runImages = [BuilderRunImage(image: image, mirrors: mirrors)]
            return
        }
        guard first.image == image else {
            throw stack.error(at: "run-image", "[stack] run-image is not the first of [[run.images]]")
        }
    }

    private static func lifecycle(_ table: TOMLTable) throws(Failure) -> LifecycleChoice? {
        try table.rejectUnknownKeys(besides: ["version", "uri"], in: "[lifecycle]")
        let (version, uri) = (try filled(table, "version"), try filled(table, "uri"))
        guard version == nil || uri == nil else {
            throw table.error(at: "version", "[lifecycle] has version and uri: one is enough")
        }
        return uri.map { .uri($0) } ?? version.map { .version($0) }
    }

    private static func target(_ table: TOMLTable) throws(Failure) -> TargetRule {
        try table.rejectUnknownKeys(besides: ["os", "arch", "variant", "arch-variant", "distros"], in: "[[targets]]")
        do { return try TargetRule(table) } catch { throw Failure(error, or: .malformed) }
    }

    // MARK: Variables

    private static let suffixes = ["none", "default", "override", "append", "prepend"]

    private mutating func read(environment tables: [TOMLTable]) throws(Failure) {
        for table in tables {
            try table.rejectUnknownKeys(besides: ["name", "value", "suffix", "delim", "exec-env"], in: "[[build.env]]")
            guard let name = try Self.filled(table, "name") else {
                throw table.error(at: "name", "[[build.env]] has no name")
            }
            guard name != ".", name != "..", !name.utf8.contains(where: { [0, 0x2F, 0x3D].contains($0) }) else {
                throw table.error(at: "name", "\(name) cannot be the name of a variable")
            }
            let suffix = try Self.filled(table, "suffix") ?? "none"
            guard Self.suffixes.contains(suffix) else {
                throw table.error(at: "suffix", "suffix is one of \(Self.suffixes.joined(separator: ", "))")
            }
            let value = try table.string("value") ?? ""
            if value.isEmpty { warnings.append("[[build.env]] gives \(name) no value") }
            let file = suffix == "none" ? name : "\(name).\(suffix)"
            if environmentFiles[file] != nil { warnings.append("[[build.env]] gives \(file) twice: the later counts") }
            environmentFiles[file] = value
            if let delimiter = try Self.filled(table, "delim") { environmentFiles["\(name).delim"] = delimiter }
            let joins = suffix == "append" || suffix == "prepend"
            guard !joins || environmentFiles["\(name).delim"] != nil else {
                throw table.error(at: "suffix", "\(name) with the suffix \(suffix) needs a delim")
            }
        }
    }
}
