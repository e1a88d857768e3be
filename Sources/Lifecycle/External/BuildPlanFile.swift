import BuildpackAPI
import BuildpackFiles
import TOMLCoding

/// The plan that `bin/build` is given: the entries it is to provide (Buildpack specification, "Buildpack Plan (TOML)").
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
                throw table.error(at: "name", "[[unmet]] names \(name), which was not asked for")
            }
            return name
        }
    }
}
