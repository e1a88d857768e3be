import BuildpackAPI
import Diagnostics
import SystemPackage

/// Runs the detect of a build's buildpacks, and no other phase: what `mixpack detect` does beside looking at the project.
package struct DetectSession: Sendable {
    private let buildpacks: BuildpackStore
    private let services: PlatformServices

    /// Creates a session.
    /// - Parameters:
    ///   - buildpacks: the built-in buildpacks and their order.
    ///   - services: everything of the world that a build touches.
    package init(buildpacks: BuildpackStore, services: PlatformServices) {
        self.buildpacks = buildpacks
        self.services = services
    }

    /// The group that passes, and its plan, for a run image of this machine's distribution.
    /// - Parameter observer: called with every event, in order.
    /// - Throws: `Failure` with the code that a build would end with.
    package func plan(
        of request: BuildRequest, observer: @escaping @Sendable (LifecycleEvent) -> Void
    ) async throws -> ResolvedPlan {
        try await services.checkTrust(in: request.project)
        let emit = EventEmitter(redactor: Redactor(secrets: request.secrets), now: services.now, sink: observer)
        let cache = ProjectCache(project: request.project, root: services.cacheRoot)
        try cache.prepare()
        let lock = try await BuildLock.take(at: cache.lock) { holder in
            emit(.notice("a build of this project is running (process \(holder)); waiting for it to end"))
        }
        let outcome: Result<ResolvedPlan, any Error>
        do {
            outcome = .success(try await detect(request, cache, emit))
        } catch {
            outcome = .failure(error)
        }
        _ = consume lock
        return try outcome.get()
    }

    private func detect(
        _ request: BuildRequest, _ cache: ProjectCache, _ emit: EventEmitter
    ) async throws -> ResolvedPlan {
        let room = try await BuilderRoom.opened(for: request, services, cache, emit)
        defer { room?.remove() }
        let builtIn = try room.map { try BuilderBuildpacks(room: $0, runner: services.runner).store() } ?? buildpacks
        let given = GivenBuildpacks(
            request: request, builtIn: builtIn, services: services, cache: cache, room: room
        ) { emit(.notice($0)) }
        return try await Detector(
            request: request, buildpacks: try await given.store(), services: services.forOneBuild, cache: cache,
            target: BuildTarget(machine: room?.release ?? BuildTarget.release),
            surroundings: Surroundings(stack: room?.builder.stack ?? RunImageStack.own, room: room), emit: emit
        ).detect()
    }
}

extension PlatformServices {
    /// These, with nothing worked out yet.
    var forOneBuild: PlatformServices {
        var services = self
        services.memory = BuildMemory()
        return services
    }

    /// Where there is no sandbox nothing of a project runs, unless the user trusts it.
    /// - Throws: `Failure` of code `untrusted`.
    func checkTrust(in project: FilePath) async throws(Failure) {
        guard case .unavailable(let reason, let advice) = await runner.sandboxStatus(), !trusts(project) else { return }
        throw Failure(
            .untrusted, "no sandbox (\(reason)), so the project's code would run as you, with your files",
            advice: "\(advice)\nor, if you trust the project: --trust-project, or MIXPACK_TRUST_PROJECT=1")
    }
}
