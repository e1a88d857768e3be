import BuildpackAPI
import BuildpackFiles
import Diagnostics
import Files
import SystemPackage
import TOMLCoding

/// buildpack.toml: who a buildpack is and what it is for
/// ([Buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#buildpacktoml-toml)).
package struct BuildpackManifest: Hashable, Sendable {
    package var api: APIVersion
    /// The API as it is written.
    package var apiText: String
    package var id: String
    package var name: String
    package var version: String
    package var homepage: String?
    var clearsEnvironment: Bool
    /// The media types of the bills of materials that it may write, without parameters.
    var billTypes: Set<String>
    /// The execution environments it is for; empty is all.
    var executionEnvironments: [String]
    package var order: [[BuildpackReference]]
    /// Whether mixpack packaged it: it knows mixpack's own words in launch.toml.
    var isOwn: Bool
    /// Whether its processes may need bash in the run image.
    var needsBash: Bool
    /// What it can build for; empty only for a composite, or where nothing is known.
    package var targets: [TargetRule]
    /// The stacks that it says it runs on; empty is all.
    package var stacks: [String]
    /// Whether it is an image extension, which changes images by Dockerfiles.
    var isExtension: Bool
    /// What is odd, but taken.
    package var warnings: [String]

    /// Reads a buildpack's folder.
    /// - Throws: `Failure`: `unsupportedAPI` for an API that mixpack does not know, else `cannotPlan`.
    package init(in folder: FilePath) throws { try self.init(in: folder, isExtension: false) }

    /// Reads the folder of a buildpack, or of an extension.
    init(in folder: FilePath, isExtension: Bool) throws {
        let file = folder.appending(isExtension ? "extension.toml" : "buildpack.toml")
        do {
            guard let root = try ContractFile.table(of: file) else {
                guard !folder.appending("extension.toml").exists else {
                    throw Failure(
                        .cannotPlan, "\(folder) is an image extension, and those are a builder's",
                        advice: "use a run image that already has what the extension adds: --run-image")
                }
                throw Failure(
                    .cannotPlan, "\(folder) is not a buildpack: it has no buildpack.toml",
                    advice: "name a folder with buildpack.toml, bin/detect and bin/build")
            }
            try self.init(root, in: folder, isExtension: isExtension)
        } catch let error as Failure where error.code == .malformed {
            throw Failure(.cannotPlan, "\(folder)\(error.place == nil ? ": " : "/")\(error)")
        }
    }

    private init(_ root: TOMLTable, in folder: FilePath, isExtension: Bool) throws {
        self.isExtension = isExtension
        let key = isExtension ? "extension" : "buildpack"
        let table =
            try root.table(key) ?? TOMLTable(entries: [], fileName: root.fileName, keyMatching: .ignoringCase)
        id = try table.string("id") ?? ""
        version = try table.string("version") ?? ""
        guard !id.isEmpty else { throw root.error(at: key, "[\(key)] has no id") }
        guard ![".", ".."].contains(id) else { throw table.error(at: "id", "a buildpack cannot be called \(id)") }
        name = try table.string("name") ?? id
        homepage = try table.string("homepage").flatMap { $0.isEmpty ? nil : $0 }
        clearsEnvironment = try table.boolean("clear-env") ?? false
        billTypes = Set(try (table.strings("sbom-formats") ?? []).map(Self.withoutParameters))
        executionEnvironments = try Self.executionEnvironments(table)
        let own = try root.table("metadata")?.table(OwnLaunchTable.key)
        isOwn = own != nil
        needsBash = try own?.boolean("needs-bash") ?? true
        order = try root.tables("order").map { try BuildpackReference.all(in: $0, "group") }
        (apiText, api) = try Self.api(root, of: id)
        stacks = try root.tables("stacks").map { try $0.string("id") ?? "" }
        targets = try Self.targets(root, api, isComposite: !order.isEmpty, in: folder)
        warnings = Self.warnings(id: id, version: version)
        guard order.isEmpty || root["stacks"] == nil else {
            throw root.error(at: "stacks", "a composite buildpack (with [[order]]) cannot have [[stacks]]")
        }
    }

    private static func api(_ root: TOMLTable, of id: String) throws -> (String, APIVersion) {
        let text = try root.string("api") ?? ""
        guard let api = APIVersion(text), APIVersion.supported.contains(api) else {
            throw Failure(
                .unsupportedAPI, "buildpack \(id) uses Buildpack API \"\(text)\", which mixpack does not support",
                advice: "mixpack supports \(APIVersion.supported.lowerBound) to \(APIVersion.supported.upperBound)")
        }
        return (text, api)
    }

    /// A list of texts, as the reference lifecycle has it, or `[[exec-env]]` tables with names, as the specification does.
    static func executionEnvironments(_ table: TOMLTable) throws -> [String] {
        guard case .array(let items) = table["exec-env"]?.value else { return [] }
        return try items.map { item in
            switch item.value {
            case .string(let text): text
            case .table(let entry): try entry.string("name") ?? ""
            default: throw table.error(at: "exec-env", "expected names")
            }
        }
    }

    static func withoutParameters(_ type: String) -> String {
        String(type.prefix { $0 != ";" }.filter { $0 != " " })
    }

    private static func targets(
        _ root: TOMLTable, _ api: APIVersion, isComposite: Bool, in folder: FilePath
    ) throws -> [TargetRule] {
        let given = try root.tables("targets").map(TargetRule.init)
        guard given.isEmpty, !isComposite else { return isComposite ? [] : given }
        let stacks = try root.tables("stacks").map { try $0.string("id") ?? "" }
        let inferred = stacks.compactMap { stack -> TargetRule? in
            switch stack {
            case "*": TargetRule()
            case "io.buildpacks.stacks.bionic" where api >= APIVersion(0, 10) || stacks.count == 1:
                TargetRule(
                    os: "linux", architecture: "amd64", distributions: [.init(name: "ubuntu", version: "18.04")])
            default: nil
            }
        }
        guard inferred.isEmpty, folder.appending("bin/build").exists else { return inferred }
        return [TargetRule(os: "linux")]
    }

    private static func warnings(id: String, version: String) -> [String] {
        var result: [String] = []
        let isPlain = id.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || ".-/".utf8.contains(byte)
        }
        if !isPlain || ["app", "config", "generated", "sbom"].contains(id.lowercased()) {
            result.append("the specification does not allow the buildpack id \"\(id)\"")
        }
        if version.wholeMatch(of: /(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)/) == nil {
            result.append("buildpack \(id) has version \"\(version)\", which does not have the form X.Y.Z")
        }
        return result
    }
}
