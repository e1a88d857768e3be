import BuildpackAPI
import Diagnostics
import Files
import Lifecycle
import SystemPackage
import TOMLCoding

/// The order of a builder, as the files of its root have it; what they do not say, its labels do
/// ([CNB Platform specification, Builder](https://github.com/buildpacks/spec/blob/main/platform.md#ordertoml-toml)).
package struct BuilderFiles {
    package let order: [[BuildpackReference]]
    package let extensionOrder: [[BuildpackReference]]
    package let system: SystemBuildpacks

    /// Reads the files.
    /// - Throws: `Failure` that names the line of what is wrong.
    package init(root: FilePath, labels: BuilderLabels) throws {
        let paths = RootPath(root)
        let file = try Self.table("/cnb/order.toml", in: paths)
        order = try file.map { try Self.groups($0, "order") } ?? labels.order
        extensionOrder = try file.map { try Self.groups($0, "order-extensions") } ?? labels.extensionOrder
        let system = try Self.table("/cnb/system.toml", in: paths)?.table("system")
        self.system =
            try system.map { table in
                SystemBuildpacks(
                    first: try table.table("pre").map { try BuildpackReference.all(in: $0, "buildpacks") } ?? [],
                    last: try table.table("post").map { try BuildpackReference.all(in: $0, "buildpacks") } ?? [])
            } ?? labels.system
        guard !order.isEmpty else {
            throw Failure(
                .cannotPlan, "the builder has no order: neither /cnb/order.toml nor its label names buildpacks",
                advice: "recreate the builder with an [[order]]")
        }
    }

    private static func table(_ path: String, in paths: RootPath) throws -> TOMLTable? {
        guard let text = paths.place(of: path)?.text else { return nil }
        return try TOMLDocument(parsing: text, fileName: path, keyMatching: .ignoringCase).root
    }

    private static func groups(_ table: TOMLTable, _ key: String) throws -> [[BuildpackReference]] {
        try table.tables(key).map { try BuildpackReference.all(in: $0, "group") }
    }
}
