import BuildpackAPI
import BuildpackFiles
import TOMLCoding

/// The build plan that `bin/detect` wrote
/// ([Buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#build-plan-toml)).
struct DetectPlanFile {
    let api: APIVersion

    /// The plan; an empty file is an empty plan.
    /// - Throws: `Failure` for what the buildpack's API does not allow.
    func plan(_ root: TOMLTable) throws -> BuildPlan {
        var plan = try part(root)
        plan.alternatives = try root.tables("or").map(part)
        return plan
    }

    private func part(_ table: TOMLTable) throws -> BuildPlan {
        let provides = try table.tables("provides").map(Self.name)
        return BuildPlan(provides: provides, requires: try table.tables("requires").map(requirement))
    }

    private func requirement(_ table: TOMLTable) throws -> BuildPlan.Requirement {
        let name = try Self.name(table)
        var metadata = try table.table("metadata")?.metadata ?? [:]
        guard let version = try table.string("version"), !version.isEmpty else {
            return BuildPlan.Requirement(name, metadata: metadata)
        }
        if api >= APIVersion(0, 11) {
            throw table.error(at: "version", "\(name) may not have a version; put it into the metadata")
        }
        let inner = metadata["version"]
        if api >= APIVersion(0, 3), inner != nil {
            throw table.error(at: "version", "\(name) has two versions: one of its own and one in its metadata")
        }
        guard inner == nil || inner == .string(version) else {
            throw table.error(at: "version", "\(name): its version and the one in its metadata differ")
        }
        metadata["version"] = .string(version)
        return BuildPlan.Requirement(name, metadata: metadata)
    }

    private static func name(_ table: TOMLTable) throws -> String {
        guard let name = try table.string("name"), !name.isEmpty else { throw table.error(at: "name", "has no name") }
        return name
    }
}

/// The plan that `bin/build` is given: the entries it is to provide
/// ([Buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#buildpack-plan-toml)).
struct BuildPlanFile {
    let api: APIVersion

    /// The file's text; empty for no entries.
    func text(_ entries: [BuildPlan.Requirement]) -> String {
        var root = TOMLTable(entries: [])
        guard !entries.isEmpty else { return "" }
        root.set("entries", .tables(entries.map(table)))
        return TOMLWriter.text(of: root)
    }

    private func table(_ entry: BuildPlan.Requirement) -> TOMLTable {
        var table: TOMLTable = ["name": .string(entry.name)]
        // Buildpacks of API 0.2 read the version beside the name.
        if api < APIVersion(0, 3), case .string(let version)? = entry.metadata["version"] {
            table.set("version", .string(version))
        }
        if !entry.metadata.isEmpty { table.set("metadata", .table(TOMLTable(metadata: entry.metadata))) }
        return table
    }

    /// The given names that a buildpack left unmet.
    ///
    /// Up to API 0.4 it takes them out of the plan file; from 0.5 on it lists them in build.toml.
    func unmet(of entries: [BuildPlan.Requirement], planAfter: TOMLTable?, build: TOMLTable?) throws -> [String] {
        let given = Set(entries.map(\.name))
        if api < APIVersion(0, 5) {
            let left = Set(try (planAfter?.tables("entries") ?? []).map { try $0.string("name") ?? "" })
            return given.subtracting(left).sorted()
        }
        return try (build?.tables("unmet") ?? []).map { table in
            let name = try table.string("name") ?? ""
            guard !name.isEmpty else { throw table.error(at: "name", "[[unmet]] has no name") }
            guard given.contains(name) else {
                throw table.error(at: "name", "[[unmet]] names \(name), which nothing requires")
            }
            return name
        }
    }
}
