import BuildpackAPI
import Diagnostics
import LayerArchive
import Text

/// The second phase: finds the group of buildpacks that fits the application, and its build plan.
struct Detector {
    let request: BuildRequest
    let buildpacks: BuildpackStore
    let services: PlatformServices
    let cache: ProjectCache
    let target: BuildTarget
    let surroundings: Surroundings
    let emit: EventEmitter

    /// The first group that passes.
    /// - Throws: an in-process buildpack's own error where one failed, else a `BuildFailure` that says why no group
    ///   passed.
    func detect() async throws -> ResolvedPlan {
        let groups = try OrderExpansion(store: buildpacks).groups(of: buildpacks.order).map(inEnvironment)
        let candidates = groups.filter { !$0.isEmpty }
        if !cache.isGiven, try hasExternal(candidates) { try makeWorkspace() }
        var record = DetectRecord()
        var reasons: [String] = []
        var hasErrors = false
        for group in candidates {
            for element in group where record.outcomes[element.ignoringOptional] == nil {
                record.outcomes[element.ignoringOptional] = try await detect(element, &record)
            }
            do {
                return try plan(of: group, record)
            } catch let rejection as Rejection {
                reasons.append(rejection.reason)
                hasErrors = hasErrors || rejection.hasErrors
            }
        }
        throw try failure(candidates, record, reasons, hasErrors: hasErrors)
    }

    /// The members that take part in the request's execution environment.
    private func inEnvironment(_ group: [GroupElement]) throws -> [GroupElement] {
        try group.filter { element in
            let own = try buildpack(element).executionEnvironments
            return [own, element.executionEnvironments ?? []].allSatisfy { names in
                names.isEmpty || names.contains("*") || names.contains(request.executionEnvironment)
            }
        }
    }

    private func hasExternal(_ groups: [[GroupElement]]) throws -> Bool {
        try groups.joined().contains { try buildpack($0).isExternal }
    }

    private func makeWorkspace() throws {
        guard request.selection.context == nil else {
            throw Failure(
                .usage, "--context works only with mixpack's own buildpacks",
                advice: "build without --context, or without buildpacks of others")
        }
        let room = surroundings.room
        // A builder's buildpacks may go by times, as platforms with containers set them.
        try WorkspaceCopy(project: request.project, selection: request.selection, folder: cache.workspace)
            .make(modified: room == nil ? nil : TarEntry.defaultTime * 1_000_000_000)
        try room?.give(cache.workspace)
    }

    private func buildpack(_ element: GroupElement) throws -> any Buildpack {
        try buildpacks.buildpack(BuildpackReference(id: element.id, version: element.version))
    }

    private func detect(_ element: GroupElement, _ record: inout DetectRecord) async throws -> DetectOutcome {
        try Task.checkCancellation()
        let buildpack = try buildpack(element)
        emit(.buildpackStarted(.detect, id: element.id, version: element.version))
        if !element.isOptional, let mismatch = buildpack.targetMismatch(target) {
            report(.failed, of: element, mismatch)
            return .broken(mismatch)
        }
        let output = OutputTail()
        defer { record.outputs.append((element.title, output.text)) }
        do {
            let context = try DetectContext(
                request, services, cache, buildpack: buildpack, target: target, surroundings,
                reporter: reporter(for: buildpack, output))
            switch try await buildpack.detect(context) {
            case .pass(let plan):
                report(.passed, of: element, nil)
                return .passed(plan)
            case .fail(let reason):
                report(element.isOptional ? .skipped : .failed, of: element, reason)
                return .failed(reason)
            }
        } catch let error as Failure where error.code == .detectFailed {
            if !request.isDebugging { emit.reporter(for: element.id)(.output(text: output.text, isError: false)) }
            report(.failed, of: element, error.message)
            return .broken(error.message)
        } catch {
            report(.failed, of: element, nil)
            throw error
        }
    }

    /// An external buildpack's output is shown when it fails, or when the user wants to see it; else it is kept.
    private func reporter(for buildpack: any Buildpack, _ output: OutputTail) -> BuildpackReporter {
        let direct = emit.reporter(for: buildpack.descriptor.id)
        guard buildpack.isExternal else { return direct }
        let isDebugging = request.isDebugging
        return BuildpackReporter { report in
            if case .output(let text, _) = report { output.add(text) }
            if isDebugging { direct(report) }
        }
    }

    private func report(_ outcome: BuildpackOutcome, of element: GroupElement, _ reason: String?) {
        emit(.buildpackFinished(.detect, id: element.id, outcome: outcome, reason: reason))
    }

    private struct Rejection: Error {
        var reason: String
        var hasErrors: Bool
    }

    private func plan(of group: [GroupElement], _ record: DetectRecord) throws -> ResolvedPlan {
        var members: [PlannedElement] = []
        for element in group {
            switch record.outcomes[element.ignoringOptional] {
            case .passed(let plan): members.append(PlannedElement(element: element, plan: plan))
            case .failed(let reason) where !element.isOptional:
                throw Rejection(reason: "\(element.id): \(reason)", hasErrors: hasErrors(group, record))
            case .broken(let reason) where !element.isOptional: throw Rejection(reason: reason, hasErrors: true)
            case .failed, .broken, nil: continue
            }
        }
        do {
            let plan = try PlanResolver().resolve(members)
            // Extensions alone build nothing.
            guard try plan.group.contains(where: { !(try buildpacks.buildpack($0)).isExtension }) else {
                throw Rejection(reason: "no buildpack takes part", hasErrors: false)
            }
            return plan
        } catch let mismatch as PlanResolver.Mismatch {
            throw Rejection(reason: mismatch.reason, hasErrors: false)
        }
    }

    /// Whether a member that the group needs failed with an error.
    private func hasErrors(_ group: [GroupElement], _ record: DetectRecord) -> Bool {
        group.contains { element in
            if case .broken = record.outcomes[element.ignoringOptional] { !element.isOptional } else { false }
        }
    }

    private func failure(
        _ groups: [[GroupElement]], _ record: DetectRecord, _ reasons: [String], hasErrors: Bool
    ) throws -> Failure {
        let isForeign = try hasExternal(groups)
        if isForeign { emit(.output(Output(text: record.text(of: groups)))) }
        return Failure(
            hasErrors ? .detectFailed : .notApplicable,
            "no buildpack takes part: \(reasons.joined(separator: "; "))",
            advice: isForeign
                ? "see the output of detect above; -e DEBUG=1 shows all of it"
                : "name the folder of a mix project with --path")
    }
}

/// What became of one buildpack in detection.
enum DetectOutcome: Hashable {
    case passed(BuildPlan)
    case failed(String)
    /// An external buildpack could not tell; the group that needs it is rejected with exit code 21.
    case broken(String)
}

/// The outcomes of one detection, and the output of external buildpacks that nobody asked for yet.
struct DetectRecord {
    var outcomes: [GroupElement: DetectOutcome] = [:]
    /// The output of each buildpack, in the order in which they ran.
    var outputs: [(title: String, text: String)] = []

    /// What is told when nothing passed: every output, then every result.
    func text(of groups: [[GroupElement]]) -> String {
        var text = ""
        for output in outputs where !output.text.isEmpty {
            text += "======== Output: \(output.title) ========\n" + output.text
            if !text.hasSuffix("\n") { text += "\n" }
        }
        for group in groups {
            text += "======== Results ========\n"
            for element in group { text += line(of: element) }
        }
        return text
    }

    private func line(of element: GroupElement) -> String {
        switch outcomes[element.ignoringOptional] {
        case .passed: "pass: \(element.title)\n"
        case .failed: (element.isOptional ? "skip: " : "fail: ") + element.title + "\n"
        case .broken(let reason): "err:  \(element.title) (\(reason))\n"
        case nil: ""
        }
    }
}

extension GroupElement {
    /// The same buildpack, whatever its group says of it.
    var ignoringOptional: GroupElement { GroupElement(id: id, version: version, isOptional: false) }
    var title: String { "\(id)@\(version)" }
}
