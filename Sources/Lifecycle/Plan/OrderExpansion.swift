import BuildpackAPI
import Diagnostics

/// One place in a group that is being tried: a component buildpack, and whether the group passes without it.
struct GroupElement: Hashable {
    var id: String
    var version: String
    var isOptional: Bool
    /// The execution environments in which its group has it; `nil` is all.
    var executionEnvironments: [String]?
}

/// The groups that an order stands for, composites replaced by their children
/// ([buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#order-resolution)).
struct OrderExpansion {
    let store: BuildpackStore

    /// The groups to try, first to last, depth first and left to right.
    /// - Throws: `Failure` for a buildpack that is not there and for a composite that contains itself.
    func groups(of order: [[BuildpackReference]]) throws -> [[GroupElement]] {
        try order.flatMap { try expand($0[...], path: []) }.map(Self.withoutRepeats)
    }

    private func expand(_ group: ArraySlice<BuildpackReference>, path: [String]) throws -> [[GroupElement]] {
        guard let first = group.first else { return [[]] }
        let heads = try heads(of: first, path: path)
        let tails = try expand(group.dropFirst(), path: path)
        return heads.flatMap { head in tails.map { head + $0 } }
    }

    private func heads(of reference: BuildpackReference, path: [String]) throws -> [[GroupElement]] {
        let descriptor = try store.buildpack(reference).descriptor
        guard !descriptor.order.isEmpty else {
            let element = GroupElement(
                id: descriptor.id, version: descriptor.version, isOptional: reference.isOptional,
                executionEnvironments: reference.executionEnvironments)
            return [[element]]
        }
        guard !path.contains(descriptor.id) else {
            let circle = (path + [descriptor.id]).joined(separator: " → ")
            throw Failure(.cannotPlan, "a composite buildpack contains itself: \(circle)")
        }
        let children = try descriptor.order.flatMap { try expand($0[...], path: path + [descriptor.id]) }
        return reference.isOptional ? children + [[]] : children
    }

    private static func withoutRepeats(_ group: [GroupElement]) -> [GroupElement] {
        var seen: Set<String> = []
        return group.filter { seen.insert($0.id).inserted }
    }
}
