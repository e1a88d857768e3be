import BuildpackAPI
import BuildpackFiles
import TOMLCoding

/// The build plan that `bin/detect` wrote (Buildpack specification, "Build Plan (TOML)").
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
            throw table.error(at: "version", "\(name): a version of its own is not allowed; it belongs in its metadata")
        }
        let inner = metadata["version"]
        if api >= APIVersion(0, 3), inner != nil {
            throw table.error(at: "version", "\(name) has a version twice: of its own and in its metadata")
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
