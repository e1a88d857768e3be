import BuildpackAPI
import BuildpackFiles
import Diagnostics
import Files
import OCIImage
import SystemPackage
import TOMLCoding

/// The files that phases leave for each other and for the platform
/// ([CNB Platform specification, Data Format](https://github.com/buildpacks/spec/blob/main/platform.md#data-format)).
enum PhaseFiles {
    /// group.toml: the buildpacks that take part.
    static func group(_ buildpacks: [BuildpackDescriptor]) -> TOMLTable {
        var file = TOMLTable()
        guard !buildpacks.isEmpty else { return file }
        file.set(
            "group",
            .tables(
                buildpacks.map { buildpack in
                    var entry: TOMLTable = [
                        "id": .string(buildpack.id), "version": .string(buildpack.version),
                        "api": .string(buildpack.api),
                    ]
                    entry.set("homepage", buildpack.homepage.map { .string($0) })
                    return entry
                }))
        return file
    }

    /// plan.toml: who provides what, and what is asked of it.
    static func plan(_ plan: ResolvedPlan) -> TOMLTable {
        let versions = Dictionary(plan.group.map { ($0.id, $0.version ?? "") }, uniquingKeysWith: { first, _ in first })
        var file = TOMLTable()
        guard !plan.entries.isEmpty else { return file }
        file.set(
            "entries",
            .tables(
                plan.entries.map { entry in
                    [
                        "providers": .tables(
                            entry.providers.map { ["id": .string($0), "version": .string(versions[$0] ?? "")] }),
                        "requires": .tables(entry.requires.map(requirement)),
                    ]
                }))
        return file
    }

    private static func requirement(_ requirement: BuildPlan.Requirement) -> TOMLTable {
        var table: TOMLTable = ["name": .string(requirement.name)]
        if !requirement.metadata.isEmpty { table.set("metadata", .table(TOMLTable(metadata: requirement.metadata))) }
        return table
    }

    /// The run image of a build, and the image that had the name before.
    struct Analyzed {
        /// What names the previous image exactly; empty if there is none.
        var previous: String
        var runImage: (name: String, reference: String)
        var target: BuildTarget
    }

    /// analyzed.toml: what is known before detection.
    static func analyzed(_ analyzed: Analyzed, _ api: PlatformAPI) -> TOMLTable {
        var runImage: TOMLTable = ["reference": .string(analyzed.runImage.reference)]
        if api >= .minor(12) {
            runImage.set("image", .string(analyzed.runImage.name))
            runImage.set("target", .table(target(analyzed.target)))
        }
        return [
            "image": .table(["reference": .string(analyzed.previous)]),
            "run-image": .table(runImage),
        ]
    }

    private static func target(_ target: BuildTarget) -> TOMLTable {
        var table: TOMLTable = ["os": .string(target.os), "arch": .string(target.architecture)]
        table.set("arch-variant", target.variant.map { .string($0) })
        guard target.distributionName != nil || target.distributionVersion != nil else { return table }
        table.set(
            "distro",
            .table([
                "name": .string(target.distributionName ?? ""), "version": .string(target.distributionVersion ?? ""),
            ]))
        return table
    }

    /// What became of an image.
    struct Report {
        var tags: [String]
        /// The digest of its manifest in the registry.
        var digest: String?
        /// The size of that manifest in bytes.
        var manifestSize: Int64?
        /// Its ID in the engine.
        var imageID: String?
    }

    /// report.toml: where the image is; the digest is on one line, the only one with that word, for those who look for it.
    static func report(_ report: Report) -> TOMLTable {
        var image: TOMLTable = ["tags": .strings(report.tags)]
        image.set("image-id", report.imageID.map { .string($0) })
        image.set("digest", report.digest.map { .string($0) })
        image.set("manifest-size", report.manifestSize.map { .integer($0) })
        return ["image": .table(image)]
    }

    /// What project-metadata.toml says of the source, as the JSON of a label; `nil` if it says nothing.
    static func projectMetadata(_ root: TOMLTable) throws -> String? {
        guard let source = try root.table("source") else { return nil }
        return try CanonicalJSON.text(["source": MetadataValue.table(source.metadata)])
    }

    /// Writes a file that every user of the container may read, and the folders above it.
    /// - Throws: `Failure` that names the file.
    static func write(_ table: TOMLTable, to file: FilePath) throws(Failure) {
        try file.removingLastComponent().makeFolders(mode: 0o755)
        try file.replace(
            with: TOMLWriter.text(of: table).utf8, mode: [.ownerReadWrite, .groupRead, .otherRead])
    }

    /// Reads a file whose keys are looked up in any case; `nil` if there is none.
    static func table(of file: FilePath) throws -> TOMLTable? {
        guard let text = try file.leadsSomewhere ? file.bytes(limit: 16 << 20) : nil else { return nil }
        return try TOMLDocument(
            parsing: String(decoding: text, as: UTF8.self), fileName: file.string, keyMatching: .ignoringCase
        ).root
    }
}
