import BuildpackAPI
import Diagnostics
import OCIImage

/// One build from its first to its terminal event.
struct BuildSession {
    let request: BuildRequest
    let buildpacks: BuildpackStore
    let services: PlatformServices
    let emit: EventEmitter

    /// Runs the phases and sends the terminal event.
    func run() async {
        var clock = PhaseClock(emit: emit)
        do {
            // Else the analysis asks, beside its look at the project's files.
            if request.actsBeforeAnalysis { try await services.checkTrust(in: request.project) }
            var report = try await build(&clock)
            if await !services.runner.sandboxStatus().isAvailable { report.dependsOnPlace = true }
            emit(.finished(report))
        } catch {
            clock.abandon(isCancelled: isCancellation(error))
            emit(isCancellation(error) ? .cancelled : .failed(BuildFailure(error, in: clock.failedPhase)))
        }
    }

    private func build(_ clock: inout PhaseClock) async throws -> BuildReport {
        let cache = ProjectCache(project: request.project, root: services.cacheRoot)
        try cache.prepare()
        let lock = try await BuildLock.take(at: cache.lock) { holder in
            emit(.notice("another build of this project is running (process \(holder)); waiting for it to end"))
        }
        if request.clearsCache { try cache.clear() }
        let refused = RefusedBuild(request, cache, emit)
        let outcome: Result<BuildReport, any Error>
        do {
            outcome = .success(try await phases(cache, &clock))
        } catch {
            refused.clean(after: error)
            outcome = .failure(error)
        }
        _ = consume lock
        return try outcome.get()
    }

    private func phases(_ cache: ProjectCache, _ clock: inout PhaseClock) async throws -> BuildReport {
        // An engine that its socket starts takes a while to answer: the phases go on meanwhile.
        let question = EngineQuestion(request, services)
        clock.start(.analyze)
        let room = try await BuilderRoom.opened(for: request, services, cache, emit)
        defer { room?.remove() }
        let buildpacks = try await chosenBuildpacks(cache, room)
        let shared = SharedCache(request: request, services: services, cache: cache, emit: emit)
        // The run image needs the toolchain, which may come from there.
        let isFirst = BuildRecord.read(for: request.image, in: cache) == nil
        if isFirst { try await shared.restore() }
        let analyzer = Analyzer(
            request: request, buildpacks: buildpacks, services: services, cache: cache, room: room, emit: emit)
        var analysis = try await analyzer.analyze()
        // What is at another place has nobody to hold it.
        let previous = analysis.previous.flatMap { $0.place == nil ? try? services.store.hold($0.image) : nil }
        defer { withExtendedLifetime((analysis, previous)) {} }
        let uncheckable = try await checkSecrets(on: analysis, buildpacks, cache)
        clock.finish()
        let export = Exporter(
            request: request, buildpacks: buildpacks, services: services, engine: question, cache: cache, emit: emit,
            uncheckable: uncheckable, source: analysis.source, owner: room?.builder.owner)
        if let record = analysis.unchanged {
            return try await repeatResult(of: record, analysis, export, shared, &clock)
        }
        clock.start(.detect)
        let detector = Detector(
            request: request, buildpacks: buildpacks, services: services, cache: cache, target: analysis.target,
            surroundings: analysis.surroundings, emit: emit)
        let whole = try await detector.detect()
        emit(.planResolved(whole))
        let generation = try await Generator(
            request: request, buildpacks: buildpacks, services: services, cache: cache, target: analysis.target,
            surroundings: analysis.surroundings, emit: emit
        ).generate(whole)
        let plan = generation.plan
        if let name = generation.runImage { try await analyzer.choose(name, in: &analysis) }
        clock.finish()
        // Before the work, so that nobody waits for an image that cannot come where it is expected.
        if let silence = try await question.check(), silence.severity == .error { emit(.diagnostic(silence)) }
        clock.start(.restore)
        if !isFirst { try await shared.restore() }
        try await Restorer(
            buildpacks: buildpacks, cache: cache, previous: analysis.previous, emit: emit
        ).restore(plan)
        clock.finish()
        clock.start(.build)
        let memory = try launchMemory(for: plan, after: analysis, buildpacks, cache)
        defer { memory?.remove() }
        var builder = BuildExecutor(
            request: request, buildpacks: buildpacks, services: services, cache: cache, target: analysis.target,
            surroundings: analysis.surroundings, emit: emit)
        builder.launchMemory = memory?.path
        var built = try await builder.build(plan)
        built.extensions = generation.extensions
        clock.finish()
        clock.start(.export)
        let exported: ExportedImage
        do {
            exported = try await export.export(built, plan: plan, analysis: analysis)
        } catch {
            built.keepOnDisk(after: error, emit)
            throw error
        }
        try await shared.store()
        clock.finish()
        return exported.report(phases: clock.times, seconds: emit.elapsed, isUnchanged: false)
    }

    /// Memory for the launch layers, unless something looks for them in the cache: buildpacks of others see the layers of
    /// those before them, and images for other platforms are made from them.
    private func launchMemory(
        for plan: ResolvedPlan, after analysis: Analysis, _ buildpacks: BuildpackStore, _ cache: ProjectCache
    ) throws -> LaunchMemory? {
        guard !cache.isGiven, request.platforms.allSatisfy(\.isThisMachine),
            try plan.group.allSatisfy({ try !buildpacks.buildpack($0).isExternal })
        else { return nil }
        return LaunchMemory(after: analysis.previous?.record?.size?.bytes)
    }

    /// Names the secrets that the image cannot be checked for.
    /// - Returns: their names.
    private func checkSecrets(
        on analysis: Analysis, _ buildpacks: BuildpackStore, _ cache: ProjectCache
    ) async throws -> Set<String> {
        let folders = try buildpacks.buildpacks.flatMap { buildpack in
            buildpack.commonFolders(
                try DetectContext(request, services, cache, buildpack: buildpack, reporter: .silent))
        }
        let found = try await UncheckableSearch(
            request: request, cache: cache, store: services.store, runImage: analysis.runImage.image, folders: folders
        ).run()
        emit.mask(by: Redactor(secrets: request.secrets, words: found.names))
        found.warnings(allowing: request.allowedSecrets).forEach { emit(.diagnostic($0)) }
        if request.forbidsSecrets, let failure = found.failure(allowing: request.allowedSecrets) { throw failure }
        return found.names
    }

    /// The buildpacks of this build: those of the request, and those that are built in.
    private func chosenBuildpacks(_ cache: ProjectCache, _ room: BuilderRoom?) async throws -> BuildpackStore {
        let builtIn = try room.map { try BuilderBuildpacks(room: $0, runner: services.runner).store() } ?? buildpacks
        let given = GivenBuildpacks(
            request: request, builtIn: builtIn, services: services, cache: cache, room: room
        ) { emit(.notice($0)) }
        let store = try await given.store()
        guard room == nil, store.buildpacks.contains(where: \.isExternal) else { return store }
        if case .unavailable(let reason, let advice) = await services.runner.sandboxStatus() {
            emit(
                .notice(
                    "no sandbox: \(reason); \(advice). Buildpacks run on the machine itself, so what they make may "
                        + "depend on the folders of the project and the cache"))
        }
        return store
    }

    /// Nothing changed: the phases run nothing, and the image that is there goes where it is asked for.
    private func repeatResult(
        of record: BuildRecord, _ analysis: Analysis, _ export: Exporter, _ shared: SharedCache,
        _ clock: inout PhaseClock
    ) async throws -> BuildReport {
        for phase in [Phase.detect, .restore, .build] {
            clock.start(phase)
            if phase == .detect { emit(.planResolved(record.plan)) }
            if phase == .build { record.diagnostics.forEach { emit(.diagnostic($0)) } }
            clock.finish(.unchanged)
        }
        clock.start(.export)
        let exported = try await export.repeatExport(of: record)
        try await shared.store()
        clock.finish(.unchanged)
        return exported.report(phases: clock.times, seconds: emit.elapsed, isUnchanged: true)
    }

    private func isCancellation(_ error: any Error) -> Bool { error is CancellationError || Task.isCancelled }
}
