/// Runs the phases of a build: the reference lifecycle's `creator`, inside this process.
///
/// A build is an async sequence of events that ends in exactly one terminal event. Nothing else is returned: screens,
/// reports and recordings are consumers of that one sequence.
package struct Creator: Sendable {
    private let buildpacks: BuildpackStore
    private let services: PlatformServices

    /// Creates a creator.
    /// - Parameters:
    ///   - buildpacks: the buildpacks and the order in which they are tried.
    ///   - services: everything of the world that a build touches.
    package init(buildpacks: BuildpackStore, services: PlatformServices) {
        self.buildpacks = buildpacks
        self.services = services
    }

    /// Begins a build.
    /// - Parameters:
    ///   - request: what to build.
    ///   - observer: called with every event, in order, before it is offered to the consumer; a slow observer slows the
    ///     build down, so that logs and recordings never fall behind.
    package func create(
        _ request: BuildRequest, logFile: String? = nil,
        observer: @escaping @Sendable (LifecycleEvent) -> Void = { _ in }
    ) -> RunningBuild {
        var request = request
        request.machineSecrets = machineSecrets
        let (stream, continuation) = AsyncStream.makeStream(of: LifecycleEvent.self)
        let emit = EventEmitter(redactor: Redactor(secrets: request.secrets), now: services.now) { event in
            observer(event)
            continuation.yield(event)
            if event.isTerminal { continuation.finish() }
        }
        let start = BuildStart(
            image: request.image.description, project: request.project.string, version: services.version,
            logFile: logFile)
        let task = Task { [buildpacks, services = services.forOneBuild, request] in
            emit(.started(start))
            await BuildSession(request: request, buildpacks: buildpacks, services: services, emit: emit).run()
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return RunningBuild(events: stream, task: task)
    }

    private var machineSecrets: [PlatformVariable] {
        let environment = MachineEnvironment.scrubbed(services.environment)
        return buildpacks.buildpacks.flatMap { $0.machineSecrets(environment) }.map { name, value in
            PlatformVariable(name: name, value: value, isSecret: true)
        }
    }
}

/// A build under way.
package struct RunningBuild: Sendable {
    /// What happens, to the terminal event; for one consumer.
    package let events: AsyncStream<LifecycleEvent>
    fileprivate let task: Task<Void, Never>

    /// Cancels the build: its commands are ended, and `cancelled` is the last event.
    package func cancel() { task.cancel() }

    /// Waits until the build has ended and everything it started is gone.
    package func end() async { await task.value }
}
