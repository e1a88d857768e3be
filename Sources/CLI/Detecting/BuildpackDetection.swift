import Diagnostics
import Lifecycle
import OCIImage
import Synchronization
import SystemPackage

/// What a build would do before mix is asked: refuse its request, and run the detect of its buildpacks.
struct BuildpackDetection {
    /// What the command line asks for.
    let asked: BuildRequest
    /// The builder of the command line.
    let builder: String?
    let wiring: Wiring
    /// Whether the built-in buildpacks are run too: what they say is in the survey of the project.
    let isWanted: Bool

    /// Adds the plan to a detection, or what stands in the way of a build.
    func complete(_ detection: inout Detection) async {
        do {
            let request = try request()
            guard detection.error == nil, isWanted || PlannedOrder.hasOthers(request, wiring) else { return }
            detection.plan = try await plan(of: request)
        } catch {
            let failure = Failure(error, or: .cannotPlan)
            let isPlanned = ExitCode.code(for: failure) != ExitCode.ruleBroken
            detection.error = isPlanned ? failure : failure.coded(.cannotPlan)
        }
    }

    /// The request of a build with these options.
    /// - Throws: `Failure` that a build of it would end with, too.
    private func request() throws -> BuildRequest {
        var request = asked
        let project = request.project
        request.builder = try builder.flatMap { try BuilderName($0).place(wiring.machine) }
        request.refusesBuilder = builder != nil && request.builder == nil
        request.selection.openedPaths = wiring.openedPaths
        request.secretBuildpacks = wiring.secretBuildpacks
        request.selection.context = try wiring.contexts.context(of: project)
        try ProjectFile(of: project, at: wiring.descriptor).fill(&request, machine: wiring.machine)
        return request
    }

    /// Runs detect; what the buildpacks printed is shown if none takes part.
    private func plan(of request: BuildRequest) async throws -> ResolvedPlan {
        let printed = Mutex("")
        let session = DetectSession(buildpacks: wiring.buildpacks, services: wiring.services)
        do {
            return try await session.plan(of: request) { event in
                switch event.kind {
                case .output(let output): printed.withLock { $0 += output.text }
                case .notice(let text): StandardError.write(text)
                default: break
                }
            }
        } catch {
            let text = printed.withLock { $0 }
            if !text.isEmpty { StandardError.write(text) }
            throw error
        }
    }
}
