import Diagnostics
import FoundationEssentials
import Lifecycle
import OCIImage
import SystemPackage

/// The images and caches of this machine, for the commands and for the Images screen.
struct ImageKeeping: Sendable {
    let wiring: Wiring

    private var store: ImageStore { wiring.store }

    private var pruning: Pruning {
        let known = ChoicesStore(wiring.machine).recentProjects().map(\.path)
        return Pruning(store: store, caches: CacheRoot(wiring.machine.cacheRoot, known: known))
    }

    /// Everything as it is now.
    func holdings() throws -> Holdings {
        try pruning.holdings(now: Int64(Date().timeIntervalSince1970))
    }

    /// Removes what a plan names.
    func carryOut(_ plan: PrunePlan) throws -> Pruning.Outcome { try pruning.carryOut(plan) }

    /// The plan that removes images by their names.
    /// - Throws: `Failure` of code `notFound` that names the images that there are.
    func plan(removing names: [Reference], in holdings: Holdings) throws(Failure) -> PrunePlan {
        var steps: [PrunePlan.Step] = []
        for name in names {
            guard let entry = holdings.store[name, .image] else { throw missing(name) }
            let hasPrevious = holdings.store[name, .previous] != nil
            steps.append(PrunePlan.step(for: entry, hasPrevious ? "with its previous image" : ""))
        }
        return PrunePlan(holdings, naming: steps)
    }

    /// The steps that remove caches of projects: by the project's folder, its name, or the cache's folder.
    /// - Throws: `Failure` of code `usage` for a name that no cache has, or several.
    func steps(removingCaches names: [String], in holdings: Holdings) throws(Failure) -> [PrunePlan.Step] {
        var steps: [PrunePlan.Step] = []
        for name in names {
            let path = wiring.machine.absolute(name)
            let real = path.realPath ?? path
            let found = holdings.caches.projects.filter { project in
                project.path == real || project.name == name || project.folder.lastComponent?.string == name
            }
            guard let project = found.first, found.count == 1 else {
                let all = holdings.caches.projects.map { $0.path?.string ?? $0.folder.lastComponent?.string ?? "" }
                throw Failure(
                    .usage, found.isEmpty ? "no project \(name) has a cache" : "several caches are named \(name)",
                    advice: all.isEmpty ? nil : "there are: \(all.joined(separator: ", "))")
            }
            steps.append(PrunePlan.step(for: project, "its next build takes longer"))
        }
        return steps
    }

    /// Gives an image more names.
    /// - Parameter replaces: whether a name may lose the image that it has.
    /// - Throws: `Failure` if a name has another image, which stays.
    func tag(_ source: Reference, as names: [Reference], replaces: Bool) async throws {
        guard let image = try store.image(for: source) else { throw missing(source) }
        for name in names where !replaces {
            guard let old = try? store.image(for: name), old.digest != image.digest else { continue }
            throw Failure(
                .usage, "\(name.familiarName) is another image already (\(old.digest.short))",
                advice: "choose another name, or replace it with --force")
        }
        try await store.copy(source, as: names)
    }

    private func missing(_ name: Reference) -> Failure {
        let names = wiring.imageNames
        return Failure(
            .usage, "no image \(name.familiarName) in the image store",
            advice: names.isEmpty ? "mixpack build makes one" : "there are: \(names.joined(separator: ", "))")
    }
}
