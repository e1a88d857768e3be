import BuildpackAPI
import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage
import TOMLCoding

/// Runs the phases of a build for a platform that started `creator` in the build's container: the same phases as a build of
/// mixpack's own, with the folders and files that the specification names.
package struct PlatformCreator: Sendable {
    private let call: CreatorCall
    private let services: PlatformServices
    private let folders: GivenFolders

    /// - Parameter services: its store is for this build alone.
    package init(_ call: CreatorCall, services: PlatformServices, folders: GivenFolders) {
        self.call = call
        self.services = services
        self.folders = folders
    }

    /// The form of the images that a call makes.
    package static func form(of call: CreatorCall) -> ImageForm {
        var form = ImageForm()
        form.platformAPI = call.api
        form.layers = call.layers.string
        form.application = call.application.string
        form.owner = call.owner
        return form
    }

    /// Builds the image.
    /// - Parameter observer: called with every event, in order.
    /// - Returns: the exit code.
    package func run(observer: @escaping @Sendable (LifecycleEvent) -> Void) async -> Int32 {
        let request: BuildRequest
        do {
            request = try self.request()
        } catch {
            let failure = BuildFailure(error)
            EventEmitter(redactor: Redactor(secrets: [:]), now: services.now, sink: observer)(.failed(failure))
            return failure.exitCode
        }
        let emit = EventEmitter(redactor: Redactor(secrets: request.secrets), now: services.now, sink: observer)
        call.warnings.forEach { emit(.diagnostic(Diagnostic(.warning, $0))) }
        var clock = PhaseClock(emit: emit)
        do {
            let report = try await PlatformSession(
                call: call, request: request, services: services, folders: folders, emit: emit
            ).run(&clock)
            emit(.finished(report))
            return report.exitCode
        } catch {
            let isCancelled = error is CancellationError || Task.isCancelled
            clock.abandon(isCancelled: isCancelled)
            guard !isCancelled else {
                emit(.cancelled)
                return ExitCode.cancelled
            }
            let failure = BuildFailure(error, in: clock.failedPhase)
            emit(.failed(failure))
            return failure.exitCode
        }
    }

    private func request() throws -> BuildRequest {
        let first = call.images[0]
        var request = BuildRequest(image: first, project: call.application)
        request.tags = Array(call.images.dropFirst())
        request.outputs = call.usesDaemon ? [] : call.images.map { .registry($0) }
        request.usesEngine = call.usesDaemon
        request.previousImage = call.place(call.previousImage ?? first)
        request.defaultProcess = call.processType
        request.executionEnvironment = call.executionEnvironment
        request.creationTime = call.creationTime
        request.sourceMetadata = try PhaseFiles.table(of: call.projectMetadata).flatMap(PhaseFiles.projectMetadata)
        request.give(try PlatformVariables(in: call.platform).variables)
        // What the user gave to the platform is for its buildpacks; what they do with it is between the two.
        request.secretBuildpacks = ["*"]
        request.allowedSecrets = request.secretNames
        return request
    }
}

extension CreatorCall {
    /// Where an image of a name is: in the engine or in its registry.
    func place(_ name: Reference) -> ImagePlace { usesDaemon ? .engine(name) : .registry(name) }
}

/// The phases of one call of `creator`.
struct PlatformSession {
    let call: CreatorCall
    let request: BuildRequest
    let services: PlatformServices
    let folders: GivenFolders
    let emit: EventEmitter

    func run(_ clock: inout PhaseClock) async throws -> BuildReport {
        let buildpacks = try buildpacks()
        for case let buildpack as DirectoryBuildpack in buildpacks.buildpacks {
            buildpack.warnings.forEach { emit(.diagnostic(Diagnostic(.warning, $0))) }
        }
        let cache = ProjectCache(given: folders)
        try cache.prepare()
        clock.start(.analyze)
        let choice = try await RunImageChoice(call: call, services: services).choose()
        var request = request
        request.runImage = choice.place
        let question = EngineQuestion(request, services)
        var analysis = try await Analyzer(
            request: request, buildpacks: buildpacks, services: services, cache: cache, emit: emit
        ).analyze()
        analysis.runImage.named = choice.names
        try write(analyzed(analysis), "analyzed.toml")
        clock.finish()

        clock.start(.detect)
        let plan = try await Detector(
            request: request, buildpacks: buildpacks, services: services, cache: cache, target: analysis.target,
            surroundings: analysis.surroundings, emit: emit
        ).detect()
        emit(.planResolved(plan))
        try write(PhaseFiles.group(try plan.group.map { try buildpacks.buildpack($0).descriptor }), "group.toml")
        try write(PhaseFiles.plan(plan), "plan.toml")
        clock.finish()

        clock.start(.restore)
        try await restore(plan, buildpacks, cache, analysis.previous)
        clock.finish()

        clock.start(.build)
        let sources = try sources()
        var built = try await BuildExecutor(
            request: request, buildpacks: buildpacks, services: services, cache: cache, target: analysis.target,
            surroundings: analysis.surroundings, emit: emit
        ).build(plan)
        if built.omitsSource { built.omitted = sources }
        clock.finish()

        clock.start(.export)
        let exported = try await Exporter(
            request: request, buildpacks: buildpacks, services: services, engine: question, cache: cache, emit: emit
        ).export(built, plan: plan, analysis: analysis)
        let report = exported.report(phases: [], seconds: emit.elapsed, isUnchanged: false)
        if let silence = report.notLoaded, report.exitCode != ExitCode.success {
            throw Failure(.exportFailed, silence.text, advice: silence.advice)
        }
        try PhaseFiles.write(PhaseFiles.report(fileReport(report)), to: call.report)
        await storeCache()
        clock.finish()
        return report
    }

    private func buildpacks() throws -> BuildpackStore {
        guard let table = try PhaseFiles.table(of: call.order) else {
            throw Failure(
                .ruleBroken, "there is no order of buildpacks at \(call.order)", advice: "name it with -order")
        }
        var order = try OrderFile(table)
        if let file = call.system, let system = try PhaseFiles.table(of: file) { order.add(try SystemFile(system)) }
        return try BuildpackFolder(path: call.buildpacks, runner: services.runner, folders: folders)
            .store(for: order.order)
    }

    /// What is in the application's folder before a buildpack works in it: the folder is the platform's, nothing is removed from
    /// it.
    private func sources() throws -> Set<String> {
        var paths: Set<String> = []
        try FolderScan(call.application).run { paths.insert($0.path) }
        return paths
    }

    private func analyzed(_ analysis: Analysis) -> TOMLTable {
        let names = RunImageNames(of: analysis.runImage)
        let previous = analysis.previous.map { previous in
            let name = call.previousImage ?? request.image
            return call.usesDaemon ? "\(previous.image.id)" : "\(name.fullRepository)@\(previous.image.digest)"
        }
        return PhaseFiles.analyzed(
            PhaseFiles.Analyzed(
                previous: previous ?? "", runImage: (names.image, names.reference), target: analysis.target), call.api)
    }

    private func restore(
        _ plan: ResolvedPlan, _ buildpacks: BuildpackStore, _ cache: ProjectCache, _ previous: PreviousImage?
    ) async throws {
        let restorer = Restorer(
            buildpacks: buildpacks, cache: cache, previous: previous, form: services.form, emit: emit)
        guard !call.skipsRestore else { return try restorer.restoreStores(plan) }
        if let image = cacheImage {
            do {
                try await image.read()
            } catch let error as CancellationError {
                throw error
            } catch {
                emit(.diagnostic(Diagnostic(.warning, "cannot read the cache \(image.name): \(error)")))
            }
        }
        try await restorer.restore(plan)
    }

    /// A cache that cannot be written is no reason to fail.
    private func storeCache() async {
        guard let image = cacheImage else { return }
        do {
            try await image.write()
        } catch {
            emit(.diagnostic(Diagnostic(.warning, "cannot write the cache \(image.name): \(error)")))
        }
    }

    private var cacheImage: LayerCacheImage? {
        guard let name = call.cacheImage, let volume = folders.cache else { return nil }
        return LayerCacheImage(name: name, volume: volume, services: services)
    }

    private func fileReport(_ report: BuildReport) -> PhaseFiles.Report {
        PhaseFiles.Report(
            tags: call.images.map(\.description), digest: report.pushed?.first.map { "\($0.digest)" },
            manifestSize: report.pushed?.first?.manifestSize,
            imageID: call.usesDaemon ? "\(report.imageID)" : nil)
    }

    private func write(_ table: TOMLTable, _ name: String) throws {
        try PhaseFiles.write(table, to: call.layers.appending(name))
    }
}
