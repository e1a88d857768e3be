import BuildpackAPI
import Testing

@testable import Lifecycle

@Suite("Build plans")
struct PlanResolverTests {
    private func member(_ id: String, optional: Bool = false, _ plan: BuildPlan) -> PlannedElement {
        PlannedElement(element: GroupElement(id: id, version: "v1", isOptional: optional), plan: plan)
    }

    private func plan(provides: [String] = [], requires: [String] = [], or: [BuildPlan] = []) -> BuildPlan {
        BuildPlan(provides: provides, requires: requires.map { .init($0) }, alternatives: or)
    }

    @Test("D13: a requirement that nothing provides is named")
    func unmetRequire() {
        let members = [member("B", plan(requires: ["dep1"]))]
        #expect(throws: PlanResolver.Mismatch(reason: "B@v1 requires dep1")) { try PlanResolver().resolve(members) }
    }

    @Test("D13: a provision that nothing requires is named")
    func unusedProvide() {
        let members = [member("B", plan(provides: ["dep1"]))]
        #expect(throws: PlanResolver.Mismatch(reason: "B@v1 provides unused dep1")) {
            try PlanResolver().resolve(members)
        }
    }

    @Test("D14: optional members that do not fit are left out")
    func optionalMembersDrop() throws {
        let resolved = try PlanResolver().resolve([
            member("A", optional: true, plan(requires: ["missing"])),
            member("B", plan(provides: ["x"], requires: ["x"])),
            member("C", optional: true, plan(provides: ["missing"])),
        ])
        #expect(resolved.group.map(\.id) == ["B"])
        #expect(resolved.entries.map(\.name) == ["x"])
        #expect(resolved.entries.first?.providers == ["B"])
    }

    @Test("D14: a second provider behind the only requirement is unused")
    func secondProviderUnused() {
        let members = [member("A", plan(provides: ["d"], requires: ["d"])), member("B", plan(provides: ["d"]))]
        #expect(throws: PlanResolver.Mismatch(reason: "B@v1 provides unused d")) { try PlanResolver().resolve(members) }
    }

    @Test("D16: providers stand before the last requirement, requirements in member order")
    func providersAndRequires() throws {
        let resolved = try PlanResolver().resolve([
            member("A", plan(provides: ["d1", "d2"], requires: ["d2"])),
            member("C", plan(provides: ["d1", "d2"])),
            member("D", plan(provides: ["d2"], requires: ["d1", "d2"])),
            member("B", plan(requires: ["d1", "d2"])),
        ])
        #expect(resolved.entries.map(\.name) == ["d1", "d2"])
        #expect(resolved.entries[0].providers == ["A", "C"])
        #expect(resolved.entries[0].requires.count == 2)
        #expect(resolved.entries[1].providers == ["A", "C", "D"])
        #expect(resolved.entries[1].requires.count == 3)
    }

    @Test("D11: alternatives are tried in order, the first member's slowest")
    func alternatives() throws {
        let resolved = try PlanResolver().resolve([
            member("A", plan(provides: ["x"], or: [plan(provides: ["y"])])),
            member("B", plan(requires: ["z"], or: [plan(requires: ["y"])])),
        ])
        #expect(resolved.entries.map(\.name) == ["y"])
    }

    @Test("D12: an optional member counts as required until its last alternative")
    func optionalOnlyInLastAlternative() throws {
        let resolved = try PlanResolver().resolve([
            member("A", optional: true, plan(requires: ["nope"], or: [plan(provides: ["x"], requires: ["x"])])),
            member("B", plan()),
        ])
        #expect(resolved.group.map(\.id) == ["A", "B"])
    }

    @Test("An empty group does not hold")
    func emptyGroup() {
        #expect(throws: PlanResolver.Mismatch.self) { try PlanResolver().resolve([]) }
    }
}
