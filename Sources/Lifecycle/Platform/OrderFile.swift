import BuildpackAPI
import Diagnostics
import SystemPackage
import TOMLCoding

/// order.toml: the groups of buildpacks to try
/// ([CNB Platform specification](https://github.com/buildpacks/spec/blob/main/platform.md#ordertoml-toml)).
struct OrderFile: Hashable {
    var order: [[BuildpackReference]]

    /// Reads the file.
    /// - Throws: `Failure` of code `cannotPlan` for image extensions, which only other programs of a lifecycle run.
    init(_ root: TOMLTable) throws {
        guard try root.tables("order-extensions").isEmpty else {
            throw Failure(
                .cannotPlan, "\(root.fileName) names image extensions, which creator does not run",
                advice: "use a builder without extensions, or a lifecycle whose extender runs them")
        }
        order = try root.tables("order").map { try BuildpackReference.all(in: $0, "group") }
    }

    /// Puts the operator's buildpacks in front of every group and behind it; an id that the group has is not taken twice.
    mutating func add(_ system: SystemFile) {
        order = order.map { group in
            let ids = Set(group.map(\.id))
            let isNew = { (reference: BuildpackReference) in !ids.contains(reference.id) }
            return system.first.filter(isNew) + group + system.last.filter(isNew)
        }
    }
}

/// system.toml: the operator's buildpacks, in front of all groups and behind them.
struct SystemFile: Hashable {
    var first: [BuildpackReference]
    var last: [BuildpackReference]

    init(_ root: TOMLTable) throws {
        let system = try root.table("system") ?? TOMLTable()
        func side(_ name: String) throws -> [BuildpackReference] {
            try system.table(name).map { try BuildpackReference.all(in: $0, "buildpacks") } ?? []
        }
        first = try side("pre")
        last = try side("post")
    }
}
