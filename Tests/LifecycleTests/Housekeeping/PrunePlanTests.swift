import Diagnostics
import OCIImage
import SystemPackage
import Testing

@testable import Lifecycle

@Suite("What a prune takes")
struct PrunePlanTests {
    private static let day: Int64 = 86_400
    private static let now: Int64 = 1_000 * day

    private func entry(
        _ name: String, _ part: StoreItem.Part = .image, days: Int64, _ blobs: [String: Int64]
    ) throws -> StoreInventory.Entry {
        let item = StoreItem(try Reference(name), part, time: (Self.now - days * Self.day) * 1_000_000_000)
        return StoreInventory.Entry(item, digest: try Digest(of: Array(name.utf8)), blobs: blobs)
    }

    private func project(
        _ name: String, days: Int64, path: FilePath? = nil, isThere: Bool = true, bytes: Int64 = 1000
    ) -> CacheInventory.Project {
        CacheInventory.Project(
            folder: FilePath("/cache/\(days)/\(name)-0123456789ab"), path: path, isThere: isThere, bytes: bytes,
            seconds: Self.now - days * Self.day)
    }

    private func shared(
        _ kind: CacheInventory.Shared.Kind, _ name: String, days: Int64, image: String? = nil
    ) throws -> CacheInventory.Shared {
        CacheInventory.Shared(
            kind, path: FilePath("/cache").appending(name), bytes: 10, seconds: Self.now - days * Self.day,
            image: try image.map { try Reference($0) })
    }

    /// An app with its previous image on a run image, a tag of it, and a run image that nothing uses.
    private func holdings(_ caches: CacheInventory = CacheInventory()) throws -> Holdings {
        let base: [String: Int64] = ["base": 14_000]
        let store = StoreInventory(
            [
                try entry("shop", days: 3, base.merging(["shop": 500, "m1": 1]) { $1 }),
                try entry("shop", .previous, days: 40, base.merging(["old": 400, "m0": 1]) { $1 }),
                try entry("shop:1.0", days: 90, base.merging(["one": 600, "m2": 1]) { $1 }),
                try entry("mixpack.invalid/run-image:used", days: 100, base.merging(["m3": 1]) { $1 }),
                try entry("mixpack.invalid/run-image:unused", days: 50, ["rare": 9_000, "m4": 1]),
            ], unused: 77)
        return Holdings(store: store, caches: caches, now: Self.now)
    }

    @Test("without --all nothing that the user named goes, nor the run image under it")
    func unnamed() throws {
        let plan = PrunePlan(try holdings(), PruneRules())
        #expect(
            plan.steps.map(\.name)
                == ["blobs", "mixpack.invalid/run-image:unused", "the previous image of shop:latest"])
        #expect(plan.bytes == 77 + 9_001 + 401)
    }

    @Test("the run image that a builder's labels name stays, though no image is built on it")
    func builder() throws {
        let run = try entry("mixpack.invalid/run-image:0123", days: 50, ["run": 9_000])
        var builder = try entry("team/builder", days: 50, ["build": 90_000])
        func steps() -> [String] {
            PrunePlan(
                Holdings(store: StoreInventory([run, builder]), caches: CacheInventory(), now: Self.now), PruneRules()
            )
            .steps.map(\.name)
        }
        #expect(steps() == ["mixpack.invalid/run-image:0123"])
        builder.named = ["mixpack.invalid/run-image:0123"]
        #expect(steps().isEmpty)
    }

    @Test("--all takes named images too, by age and size; what all of them share comes free with the last")
    func named() throws {
        let holdings = try holdings()
        let old = PrunePlan(holdings, PruneRules(olderThan: 60 * 86_400, takesNamed: true))
        #expect(old.steps.map(\.name) == ["blobs", "shop:1.0"])
        #expect(old.bytes == 77 + 601)
        let some = PrunePlan(holdings, PruneRules(keepSize: holdings.size - 600, takesNamed: true))
        #expect(some.steps.map(\.name) == ["blobs", "shop:1.0"])
        #expect(PrunePlan(holdings, PruneRules(keepSize: holdings.size)).steps.isEmpty)
    }

    @Test("the cache of a project that exists stays, however old; those of projects that are gone go")
    func caches() throws {
        let caches = CacheInventory(projects: [
            project("shop", days: 400, path: "/src/shop"),
            project("gone", days: 1, path: "/src/gone", isThere: false),
            project("old", days: 10), project("old", days: 300), project("other", days: 900),
        ])
        let plan = PrunePlan(Holdings(store: StoreInventory([]), caches: caches, now: Self.now), PruneRules())
        #expect(plan.steps.map(\.seconds) == [Self.now - 300 * Self.day, Self.now - Self.day])
        #expect(plan.steps.map(\.reason) == ["a newer cache has this name", "its project is gone"])
        #expect(plan.bytes == 2000)
    }

    @Test("records go with their run image, helpers and builders when they were not used for long")
    func shared() throws {
        let caches = CacheInventory(shared: [
            try shared(.runImageRecord, "run-image.json", days: 100, image: "mixpack.invalid/run-image:used"),
            try shared(.runImageRecord, "run-image-a.json", days: 50, image: "mixpack.invalid/run-image:unused"),
            try shared(.runImageRecord, "run-image-b.json", days: 1, image: "mixpack.invalid/run-image:gone"),
            try shared(.helper, "helper-1", days: 31), try shared(.helper, "helper-2", days: 29),
            try shared(.builder, "builder-1", days: 31), try shared(.builder, "builder-2", days: 29),
            try shared(.helper, "helper-3", days: 0), try shared(.toolchains, "toolchains", days: 500),
        ])
        let holdings = try holdings(caches)
        func names(_ rules: PruneRules) -> [String] {
            PrunePlan(holdings, rules).steps.compactMap {
                if case .shared(let shared) = $0.subject { shared.path.lastComponent?.string } else { nil }
            }
        }
        #expect(names(PruneRules()) == ["run-image-a.json", "builder-1", "helper-1", "run-image-b.json"])
        #expect(names(PruneRules(olderThan: 28 * 86_400)).contains("builder-2"))
        // What was used today may be in use now, whatever age is asked for.
        #expect(names(PruneRules(olderThan: 0)).contains("helper-3") == false)
        #expect(names(PruneRules(olderThan: 0)).contains("helper-2"))
    }

    @Test(
        "ages and sizes are read as people write them",
        arguments: [("90m", 5400.0), ("12h", 43_200), ("30d", 2_592_000), ("2w", 1_209_600)])
    func ages(_ text: String, seconds: Double) throws { #expect(try PruneRules.age(text) == seconds) }

    @Test(arguments: [("500MB", Int64(500_000_000)), ("1.5 GB", 1_500_000_000), ("12kB", 12_000), ("7B", 7)])
    func sizes(_ text: String, bytes: Int64) throws { #expect(try PruneRules.size(text) == bytes) }

    @Test(arguments: ["", "30", "d", "-1d", "1y"])
    func wrongAges(_ text: String) {
        #expect(throws: Failure.self) { try PruneRules.age(text) }
    }

    @Test(arguments: ["", "5", "GB", "5 XB", "-5GB", "1e99GB"])
    func wrongSizes(_ text: String) {
        #expect(throws: Failure.self) { try PruneRules.size(text) }
    }
}
