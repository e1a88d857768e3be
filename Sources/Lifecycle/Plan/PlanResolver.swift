import BuildpackAPI

/// A buildpack that passed detection, with the plans it can live with.
struct PlannedElement {
    var element: GroupElement
    var plan: BuildPlan

    /// The plan and its alternatives, in the order in which they are tried.
    var options: [BuildPlan] { [plan] + plan.alternatives }
}

/// Matches what buildpacks require with what they provide
/// ([buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#phase-1-detection)).
struct PlanResolver {
    /// Why a trial did not hold, for people.
    struct Mismatch: Error, Hashable {
        var reason: String
    }

    /// The group that holds, and its plan.
    /// - Throws: `Mismatch` with the last trial's reason when no combination holds.
    func resolve(_ members: [PlannedElement]) throws -> ResolvedPlan {
        var last = Mismatch(reason: "no buildpack takes part")
        var found: ResolvedPlan?
        forEachTrial(of: members) { trial in
            switch Self.attempt(trial) {
            case .success(let plan):
                found = plan
                return true
            case .failure(let mismatch):
                last = mismatch
                return false
            }
        }
        guard let found else { throw last }
        return found
    }

    private typealias Member = (element: GroupElement, plan: BuildPlan)

    /// Visits every combination of alternatives, the first member's slowest, until `body` says that one holds.
    private func forEachTrial(of members: [PlannedElement], _ body: ([Member]) -> Bool) {
        var indices = [Int](repeating: 0, count: members.count)
        while true {
            let trial = zip(members, indices).map { member, index -> Member in
                var element = member.element
                // The reference treats optional members as required until their last alternative.
                if index < member.options.count - 1 { element.isOptional = false }
                return (element, member.options[index])
            }
            if body(trial) { return }
            guard let position = members.indices.last(where: { indices[$0] + 1 < members[$0].options.count }) else {
                return
            }
            indices[position] += 1
            for later in (position + 1)..<members.endIndex { indices[later] = 0 }
        }
    }

    private static func attempt(_ members: [Member]) -> Result<ResolvedPlan, Mismatch> {
        var members = members
        while true {
            guard !members.isEmpty else { return .failure(Mismatch(reason: "no buildpack takes part")) }
            guard let unmet = firstUnmet(in: members) else { return .success(plan(of: members)) }
            guard members[unmet.member].element.isOptional else { return .failure(Mismatch(reason: unmet.reason)) }
            members.remove(at: unmet.member)
        }
    }

    private static func firstUnmet(in members: [Member]) -> (member: Int, reason: String)? {
        for (index, member) in members.enumerated() {
            let id = "\(member.element.id)@\(member.element.version)"
            let provided = members[...index].flatMap(\.plan.provides)
            if let missing = member.plan.requires.first(where: { !provided.contains($0.name) }) {
                return (index, "\(id) requires \(missing.name)")
            }
            let required = members[index...].flatMap(\.plan.requires).map(\.name)
            if let unused = member.plan.provides.first(where: { !required.contains($0) }) {
                return (index, "\(id) provides unused \(unused)")
            }
        }
        return nil
    }

    private static func plan(of members: [Member]) -> ResolvedPlan {
        let names = Set(members.flatMap { $0.plan.requires.map(\.name) }).sorted()
        let entries = names.map { name in
            let last = members.lastIndex { $0.plan.requires.contains { $0.name == name } } ?? members.endIndex - 1
            let providers = members[...last].flatMap { member in
                member.plan.provides.filter { $0 == name }.map { _ in member.element.id }
            }
            let requires = members.flatMap { $0.plan.requires.filter { $0.name == name } }
            return ResolvedPlan.Entry(name: name, providers: providers, requires: requires)
        }
        let group = members.map {
            BuildpackReference(id: $0.element.id, version: $0.element.version, isOptional: $0.element.isOptional)
        }
        return ResolvedPlan(group: group, entries: entries)
    }
}
