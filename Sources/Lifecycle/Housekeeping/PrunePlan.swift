import OCIImage
import SystemPackage
import Text

/// What mixpack keeps on this machine: images and caches, as they were at a moment.
package struct Holdings: Sendable, Hashable {
    package var store: StoreInventory
    package var caches: CacheInventory
    /// Seconds since 1970.
    package var now: Int64

    package init(store: StoreInventory, caches: CacheInventory, now: Int64) {
        self.store = store
        self.caches = caches
        self.now = now
    }

    package var size: Int64 { store.size + caches.size }

    /// Where an image is from, in a few words.
    package func origin(of entry: StoreInventory.Entry) -> String {
        if entry.digest == nil { return "cannot be read" }
        if let maker = entry.digest.flatMap({ caches.makers[$0] }) { return "built from \(maker)" }
        return OwnImage(entry.reference)?.origin ?? "no build that is known"
    }
}

/// What goes in a prune, with the reasons, the oldest first.
package struct PrunePlan: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        case image(StoreItem)
        case cache(CacheInventory.Project)
        case shared(CacheInventory.Shared)
        /// Blobs that no image has.
        case unusedBlobs(Int64)
    }

    package struct Step: Sendable, Hashable {
        package var subject: Subject
        /// What it is.
        package var name: String
        /// Why nothing needs it.
        package var reason: String
        /// When it was last used or written, in seconds since 1970.
        package var seconds: Int64
    }

    /// Takes what is named, not what rules choose.
    package static func step(for entry: StoreInventory.Entry, _ reason: String = "named") -> Step {
        Step(subject: .image(entry.item), name: entry.reference.familiarName, reason: reason, seconds: entry.seconds)
    }

    package private(set) var steps: [Step] = []
    private let holdings: Holdings

    /// The bytes that come free; what several images share comes free with the last of them.
    package var bytes: Int64 { Self.bytes(of: steps, in: holdings) }

    /// Helpers that were not used for so long are for toolchains that nobody builds with.
    static let helperAge: Double = 30 * 86_400
    /// What is younger may be in use at this moment.
    static let leastHelperAge: Double = 86_400

    /// Works out what goes by rules.
    package init(_ holdings: Holdings, _ rules: PruneRules) {
        self.holdings = holdings
        let candidates = Self.candidates(in: holdings, rules)
            .filter { step in rules.olderThan.map { Double(holdings.now - step.seconds) > $0 } ?? true }
            .sorted { ($0.seconds, $0.name) < ($1.seconds, $1.name) }
        guard let keepSize = rules.keepSize else {
            steps = candidates
            return
        }
        let size = holdings.size
        for candidate in candidates where size - Self.bytes(of: steps, in: holdings) > keepSize {
            steps.append(candidate)
        }
    }

    /// Takes what was named, whatever its age.
    package init(_ holdings: Holdings, naming steps: [Step]) {
        self.holdings = holdings
        self.steps = steps
    }

    private static func bytes(of steps: [Step], in holdings: Holdings) -> Int64 {
        var items: [StoreItem] = []
        var bytes: Int64 = 0
        for step in steps {
            switch step.subject {
            case .image(let item): items.append(item)
            case .cache(let project): bytes += project.bytes
            case .shared(let shared): bytes += shared.bytes
            case .unusedBlobs(let size): bytes += size
            }
        }
        return bytes + holdings.store.freed(by: items)
    }

    private static func candidates(in holdings: Holdings, _ rules: PruneRules) -> [Step] {
        var steps = holdings.store.entries.compactMap { step(for: $0, in: holdings, rules) }
        steps += records(in: holdings, removed: steps)
        steps += helpers(in: holdings, rules)
        steps += builders(in: holdings, rules)
        steps += caches(in: holdings)
        if holdings.store.unused > 0 {
            steps.append(
                Step(
                    subject: .unusedBlobs(holdings.store.unused), name: "blobs", reason: "no image has them", seconds: 0
                ))
        }
        return steps
    }

    private static func step(
        for entry: StoreInventory.Entry, in holdings: Holdings, _ rules: PruneRules
    ) -> Step? {
        let name = entry.reference.familiarName
        func step(_ name: String, _ reason: String) -> Step {
            Step(subject: .image(entry.item), name: name, reason: reason, seconds: entry.seconds)
        }
        if entry.item.part == .previous {
            return step("the previous image of \(name)", "kept only to compare with")
        }
        if entry.isOwn {
            let isUsed = holdings.store.isShared(entry) || holdings.store.isNamed(entry)
            return isUsed ? nil : step(name, "no image is built on it, and no builder names it")
        }
        return rules.takesNamed ? step(name, "named images go too") : nil
    }

    /// Records whose run image is gone, or goes now.
    private static func records(in holdings: Holdings, removed: [Step]) -> [Step] {
        let gone = Set(
            removed.compactMap { step in if case .image(let item) = step.subject { item.reference } else { nil } })
        return holdings.caches.shared.filter { $0.kind == .runImageRecord }.compactMap { record in
            let isKept = record.image.map { holdings.store[$0, .image] != nil && !gone.contains($0) } ?? false
            guard !isKept else { return nil }
            return Step(
                subject: .shared(record), name: record.path.lastComponent?.string ?? "",
                reason: "the record of a run image that is gone or not used", seconds: record.seconds)
        }
    }

    private static func helpers(in holdings: Holdings, _ rules: PruneRules) -> [Step] {
        let least = max(leastHelperAge, rules.olderThan ?? helperAge)
        return holdings.caches.shared.filter { $0.kind == .helper }.compactMap { helper in
            guard Double(holdings.now - helper.seconds) > least else { return nil }
            return Step(
                subject: .shared(helper), name: "helpers/\(helper.path.lastComponent?.string ?? "")",
                reason: "no build used this helper of a toolchain for a while", seconds: helper.seconds)
        }
    }

    private static func builders(in holdings: Holdings, _ rules: PruneRules) -> [Step] {
        let least = max(leastHelperAge, rules.olderThan ?? CacheRoot.builderAge)
        return holdings.caches.shared.filter { $0.kind == .builder }.compactMap { builder in
            guard Double(holdings.now - builder.seconds) > least else { return nil }
            return Step(
                subject: .shared(builder), name: "builders/\(builder.path.lastComponent?.string ?? "")",
                reason: "no build used this builder for a while", seconds: builder.seconds)
        }
    }

    /// The caches of projects that are gone.
    ///
    /// Of those that do not say whose they are, the newest of each name stays.
    private static func caches(in holdings: Holdings) -> [Step] {
        let projects = holdings.caches.projects
        var newest: [String: Int64] = [:]
        for project in projects { newest[project.name] = max(newest[project.name] ?? 0, project.seconds) }
        return projects.compactMap { project in
            let isOlder = project.path == nil && project.seconds < newest[project.name] ?? 0
            guard !project.isThere || isOlder else { return nil }
            let reason = project.isThere ? "a newer cache has this name" : "its project is gone"
            return step(for: project, reason)
        }
    }

    /// A cache as a step.
    package static func step(for project: CacheInventory.Project, _ reason: String) -> Step {
        Step(
            subject: .cache(project), name: "the cache of \(project.path?.string ?? project.name)", reason: reason,
            seconds: project.seconds)
    }
}

/// Carries out a plan.
package struct Pruning: Sendable {
    private let store: ImageStore
    private let caches: CacheRoot

    package init(store: ImageStore, caches: CacheRoot) {
        self.store = store
        self.caches = caches
    }

    /// What a prune did.
    package struct Outcome: Sendable, Hashable {
        package var freed: Int64 = 0
        /// What stayed after all, with the reason.
        package var kept: [String] = []
    }

    /// Everything as it is now.
    package func holdings(now: Int64) throws -> Holdings {
        Holdings(store: try store.inventory(), caches: caches.inventory(), now: now)
    }

    /// Removes what a plan names; what changed since the plan was made, or is in use, stays.
    package func carryOut(_ plan: PrunePlan, done: (PrunePlan.Step) -> Void = { _ in }) throws -> Outcome {
        var outcome = Outcome()
        for step in plan.steps {
            try Task.checkCancellation()
            if let reason = try carryOut(step, &outcome) {
                outcome.kept.append("\(step.name): \(reason)")
            } else {
                done(step)
            }
        }
        return outcome
    }

    /// - Returns: Why it stays; `nil` if it is gone.
    private func carryOut(_ step: PrunePlan.Step, _ outcome: inout Outcome) throws -> String? {
        switch step.subject {
        case .image(let item):
            let removal = try store.remove([item])
            outcome.freed += removal.freed
            // An image that went before took its previous one with it.
            return removal.items.isEmpty && item.part == .image ? "it was removed or built again meanwhile" : nil
        case .cache(let project):
            guard try caches.remove(project) else { return "a build of it is running" }
            outcome.freed += project.bytes
        case .shared(let shared):
            try caches.remove(shared)
            outcome.freed += shared.bytes
        case .unusedBlobs: outcome.freed += try store.collectGarbage()
        }
        return nil
    }
}
