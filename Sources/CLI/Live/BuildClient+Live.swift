import BuildpackAPI
import Console
import Diagnostics
import ElixirBuildpacks
import Files
import FoundationEssentials
import Lifecycle
import Reports
import Synchronization
import SystemPackage
import Text

extension BuildClient {
    static func live(_ wiring: Wiring, display: DisplayOptions) -> BuildClient {
        let builds = ConsoleBuilds(wiring: wiring, display: display)
        let past = PastBuilds(machine: wiring.machine)
        let tools = TerminalTools(machine: wiring.machine, runner: wiring.runner)
        let detached = DetachedOutput(running: wiring.running)
        var client = BuildClient()
        client.start = { builds.start($0) }
        client.past = { past.list(of: $0) }
        client.pastEvents = { try past.events(of: $0, id: $1) }
        client.shell = { try BuildShell(wiring: wiring, project: $0).command() }
        client.source = { ProjectSource(project: $0, place: $1).excerpt(without: $2) }
        client.pagerCommand = { tools.pagerCommand(file: $0) }
        client.changes = { project, context in
            ProjectChanges().changes(of: project, context.flatMap { SourceContext($0, around: project) })
        }
        client.printPlainly = { await detached.print($0, $1) }
        client.clock = Machine.now
        return client
    }
}

/// The builds that the console starts, and those that ended before.
///
/// Each build's events are recorded beside its log, so that a past build can be looked at again.
struct ConsoleBuilds: Sendable {
    let wiring: Wiring
    let display: DisplayOptions

    /// Starts a build.
    ///
    /// What project.toml says counts where the console's choices say nothing.
    func start(_ request: BuildRequest) -> BuildHandle {
        var request = request
        do {
            let file = try ProjectFile(of: request.project, at: wiring.descriptor)
            try file.fill(&request, machine: wiring.machine)
            try file.tools(of: request.project, wiring: wiring).check()
        } catch {
            return Self.failed(request, error)
        }
        let observers = try? BuildObservers(
            wiring: wiring, request: request, display: display, kind: .tui, notice: nil)
        let build = wiring.creator.create(request, logFile: observers?.logFile?.string) { observers?.handle($0) }
        let running = wiring.running
        return BuildHandle(
            events: build.events, cancel: { build.cancel() },
            kill: {
                build.cancel()
                running.kill()
            })
    }

    /// A build that failed before its first phase.
    private static func failed(_ request: BuildRequest, _ error: any Error) -> BuildHandle {
        let failure = BuildFailure(Failure(error, or: .usage))
        let start = BuildStart(
            image: request.image.description, project: request.project.string, version: ProgramVersion.text,
            logFile: nil)
        let events = AsyncStream<LifecycleEvent> { continuation in
            continuation.yield(LifecycleEvent(at: 0, .started(start)))
            continuation.yield(LifecycleEvent(at: 0, .failed(failure)))
            continuation.finish()
        }
        return BuildHandle(events: events, cancel: {}, kill: {})
    }
}

extension PastBuild {
    /// A past build in brief, from its events.
    init?(_ events: [LifecycleEvent], id: String, age: String) {
        guard case .started(let start) = events.first?.kind, let last = events.last else { return nil }
        self.init(id: id, image: start.image, age: age, ending: .cancelled, seconds: last.time)
        if case .failed = last.kind { ending = .failed }
        guard case .finished(let report) = last.kind else { return }
        ending = .finished
        digest = report.imageID.short
        size = report.size
    }
}
