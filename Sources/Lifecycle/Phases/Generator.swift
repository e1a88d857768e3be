import BuildpackAPI
import Diagnostics
import OCIImage

/// The end of detect in a builder with image extensions: those that take part may choose another run image
/// ([Image extension specification](https://github.com/buildpacks/spec/blob/main/image_extension.md)).
struct Generator {
    let request: BuildRequest
    let buildpacks: BuildpackStore
    let services: PlatformServices
    let cache: ProjectCache
    let target: BuildTarget
    let surroundings: Surroundings
    let emit: EventEmitter

    /// What is left to build after the extensions.
    struct Generation {
        /// The plan without the extensions, and without what they provide.
        var plan: ResolvedPlan
        /// The extensions that took part.
        var extensions: [BuildpackDescriptor] = []
        /// The run image that they chose.
        var runImage: Reference?
    }

    /// Runs the extensions of the group, in its order.
    /// - Throws: `Failure`: `extensionFailed`, `generateFailed`, `cannotPlan` for what would change an image.
    func generate(_ plan: ResolvedPlan) async throws -> Generation {
        var result = Generation(plan: plan)
        result.plan.group = []
        var found: [(extension: DirectoryBuildpack, file: RunDockerfile)] = []
        for reference in plan.group {
            try Task.checkCancellation()
            let buildpack = try buildpacks.buildpack(reference)
            guard buildpack.isExtension, let member = buildpack as? DirectoryBuildpack else {
                result.plan.group.append(reference)
                continue
            }
            let id = member.descriptor.id
            result.extensions.append(member.descriptor)
            let given = result.plan.entries.filter { $0.providers.contains(id) }
            let context = try DetectContext(
                request, services, cache, buildpack: member, target: target, surroundings,
                reporter: emit.reporter(for: id))
            if let file = try await member.generate(context, plan: given.flatMap(\.requires)) {
                found.append((member, file))
            }
            result.plan.entries.removeAll { $0.providers.contains(id) }
        }
        result.runImage = try runImage(of: found)
        return result
    }

    /// The choice of the last extension that makes one; those before it do not count.
    private func runImage(of found: [(extension: DirectoryBuildpack, file: RunDockerfile)]) throws -> Reference? {
        for (member, file) in found.reversed() {
            if let change = file.change { throw member.unsupported("its run.Dockerfile has \(change)") }
            guard let base = file.base else { continue }
            do {
                let name = try Reference(base)
                emit(.notice("the image extension \(member.title) names the run image \(name)"))
                return name
            } catch {
                throw Failure(error, or: .malformed).failing(
                    "\(member.title): run.Dockerfile names the image \(base)", as: .generateFailed)
            }
        }
        return nil
    }
}
