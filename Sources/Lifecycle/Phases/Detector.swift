import BuildpackAPI

/// The second phase: finds the group of buildpacks that fits the application, and its build plan.
struct Detector {
    let request: BuildRequest
    let buildpacks: BuildpackStore
    let services: PlatformServices
    let cache: ProjectCache
    let emit: EventEmitter

    /// The first group that passes.
    /// - Throws: the buildpack's own error where one failed, else a `BuildFailure` that says why no group passed.
    func detect() async throws -> ResolvedPlan {
        let groups = try OrderExpansion(store: buildpacks).groups(of: buildpacks.order)
        var results: [GroupElement: DetectResult] = [:]
        var reasons: [String] = []
        for group in groups {
            for element in group where results[element.ignoringOptional] == nil {
                results[element.ignoringOptional] = try await detect(element)
            }
            do {
                return try plan(of: group, results)
            } catch let mismatch as PlanResolver.Mismatch {
                reasons.append(mismatch.reason)
            }
        }
        throw BuildFailure(
            exitCode: ExitCode.noGroup, message: "no buildpack takes part: \(reasons.joined(separator: "; "))",
            advice: "name the folder of a mix project with --path")
    }

    private func detect(_ element: GroupElement) async throws -> DetectResult {
        try Task.checkCancellation()
        let buildpack = try buildpacks.buildpack(BuildpackReference(id: element.id, version: element.version))
        emit(.buildpackStarted(.detect, id: element.id, version: element.version))
        let context = try DetectContext(
            request, services, cache, buildpack: element.id, reporter: emit.reporter(for: element.id))
        do {
            let result = try await buildpack.detect(context)
            report(result, of: element)
            return result
        } catch {
            emit(.buildpackFinished(.detect, id: element.id, outcome: .failed, reason: nil))
            throw error
        }
    }

    private func report(_ result: DetectResult, of element: GroupElement) {
        switch result {
        case .pass: emit(.buildpackFinished(.detect, id: element.id, outcome: .passed, reason: nil))
        case .fail(let reason):
            emit(
                .buildpackFinished(
                    .detect, id: element.id, outcome: element.isOptional ? .skipped : .failed, reason: reason))
        }
    }

    private func plan(of group: [GroupElement], _ results: [GroupElement: DetectResult]) throws -> ResolvedPlan {
        var members: [PlannedElement] = []
        for element in group {
            switch results[element.ignoringOptional] {
            case .pass(let plan): members.append(PlannedElement(element: element, plan: plan))
            case .fail(let reason) where !element.isOptional:
                throw PlanResolver.Mismatch(reason: "\(element.id): \(reason)")
            case .fail, nil: continue
            }
        }
        return try PlanResolver().resolve(members)
    }
}

extension GroupElement {
    /// The same buildpack, whatever its group says of it.
    fileprivate var ignoringOptional: GroupElement { GroupElement(id: id, version: version, isOptional: false) }
}
