import BuildpackAPI
import TOMLCoding

extension BuildpackReference {
    /// The entries of a group as buildpack.toml, order.toml and system.toml have them.
    /// - Parameter key: the array of tables: `group`, or `buildpacks` in system.toml.
    /// - Throws: `Failure` with the place of an entry without id.
    package static func all(in table: TOMLTable, _ key: String) throws -> [BuildpackReference] {
        try table.tables(key).map { entry in
            guard let id = try entry.string("id"), !id.isEmpty else { throw entry.error(at: "id", "has no id") }
            return BuildpackReference(
                id: id, version: try entry.string("version").flatMap { $0.isEmpty ? nil : $0 },
                isOptional: try entry.boolean("optional") ?? false,
                executionEnvironments: try BuildpackManifest.executionEnvironments(entry))
        }
    }
}
