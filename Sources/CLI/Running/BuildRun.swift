import Console
import Diagnostics
import Files
import FoundationEssentials
import Glibc
import Lifecycle
import Reports
import Synchronization
import SystemPackage

/// One build from the command line, to its exit code.
struct BuildRun {
    let wiring: Wiring
    let request: BuildRequest
    let display: DisplayOptions
    /// A line to say first.
    let notice: String?
    /// Whether to build again whenever a file is saved.
    var watches = false
    /// Where report.toml goes; `nil` is nowhere.
    var reportFolder: FilePath?
    /// Where the bills of materials of the image go; `nil` is nowhere.
    var billFolder: FilePath?

    /// Runs the build and ends the program with its exit code, unless that is 0.
    func run() async throws {
        let kind = display.resolved(wiring.machine)
        if kind == .tui {
            return try await ConsoleRun(wiring: wiring, display: display, watches: watches)
                .run(.build(request))
        }
        let current = CurrentBuild()
        let signals = BuildSignals(running: wiring.running) { current.cancel() }
        defer { signals.stop() }
        var saves =
            watches ? ProjectChanges().changes(of: request.project, request.selection.context).makeAsyncIterator() : nil
        var saved: String?
        repeat {
            let last = try await build(kind, current)
            try signals.first.map { throw ProgramExit(code: ExitCode.cancelled, signal: $0) }
            try await writeBills(last)
            guard watches else { return try end(with: last) }
            let plain = kind == .plain ? PlainOutput(display, wiring.machine).output : nil
            plain?.write("watching \(request.project): builds again when you save a file; Ctrl-C ends it\n")
            saved = await saves?.next()
            if let saved { plain?.write("\(saved) was saved\n") }
        } while saved != nil
    }

    /// Runs one build, and gives its last event.
    private func build(_ kind: InterfaceChoice, _ current: CurrentBuild) async throws -> LifecycleEvent? {
        let observers = try BuildObservers(
            wiring: wiring, request: request, display: display, kind: kind, notice: notice,
            reportFolder: reportFolder)
        let build = wiring.creator.create(request, logFile: observers.logFile?.string, observer: observers.handle)
        current.begin(build)
        let drawing = observers.live.map { line in Task { await line.run() } }
        var last: LifecycleEvent?
        for await event in build.events where event.isTerminal { last = event }
        await build.end()
        current.end()
        drawing?.cancel()
        await drawing?.value
        return last
    }

    /// Writes the bills of materials of the image that was built.
    private func writeBills(_ last: LifecycleEvent?) async throws {
        guard let billFolder, case .finished = last?.kind, let image = try wiring.store.image(for: request.image) else {
            return
        }
        do {
            guard try await !BillExport(of: image, blobs: wiring.store).write(to: billFolder) else { return }
            StandardError.write("--sbom-output-dir: the image has no bills of materials")
        } catch let error as Failure {
            throw error.failing("--sbom-output-dir \(billFolder)", as: .exportFailed)
        }
    }

    private func end(with last: LifecycleEvent?) throws {
        switch last?.kind {
        case .finished(let report):
            if report.exitCode != ExitCode.success { throw ProgramExit(code: report.exitCode) }
        case .failed(let failure): throw ProgramExit(code: failure.exitCode)
        default: throw ProgramExit(code: ExitCode.cancelled)
        }
    }
}

/// Everyone who takes the events of a build besides the screen: standard output, log and recording.
final class BuildObservers: Sendable {
    private let group: Mutex<ReporterGroup>
    /// The file that takes the whole log.
    let logFile: FilePath?
    /// What is being done, on a terminal; to be drawn while the build runs.
    let live: LiveLine?

    init(
        wiring: Wiring, request: BuildRequest, display: DisplayOptions, kind: InterfaceChoice, notice: String?,
        reportFolder: FilePath? = nil
    ) throws {
        let plain = PlainOutput(display, wiring.machine)
        live = kind == .plain ? plain.live : nil
        var reporters: [any Reporter] = []
        switch kind {
        case .json: reporters.append(JSONReporter(to: TextSink(FileDescriptor.standardOutput)))
        case .quiet: reporters.append(QuietReporter(to: plain.failures))
        case .plain:
            if let notice { plain.output.write(notice + "\n") }
            if let live { reporters.append(LiveLineReporter(live)) }
            reporters.append(
                PlainReporter(to: plain.output, failuresTo: plain.failures, showsCommands: request.isDebugging))
        case .github:
            let output = TextSink(FileDescriptor.standardOutput)
            let workflow = WorkflowSurroundings(machine: wiring.machine, project: request.project)
            reporters.append(workflow.reporter(to: output, showsCommands: request.isDebugging))
            if let notice { output.write(notice + "\n") }
        case .auto, .tui: break
        }
        let log = try? LogFileWriter(
            in: ProjectCache(project: request.project, root: wiring.machine.cacheRoot).logs, now: Date())
        if let log {
            reporters.append(log)
            reporters += Self.history(beside: log.path)
        }
        logFile = log?.path
        do {
            if let file = display.record {
                reporters.append(
                    try RecordingWriter(to: wiring.machine.absolute(file), version: ProgramVersion.text))
            }
        } catch {
            throw Failure(.usage, "--record: \(error.message)", advice: error.advice)
        }
        if let file = display.report {
            reporters.append(
                try ResultFile(
                    to: wiring.machine.absolute(file), warnings: TextSink(FileDescriptor.standardError)))
        }
        if let reportFolder {
            reporters.append(try ReportFile(in: reportFolder, names: [request.image] + request.tags))
        }
        group = Mutex(ReporterGroup(reporters))
    }

    /// The recording that lets the console show this build again later; the oldest are removed.
    private static func history(beside log: FilePath) -> [any Reporter] {
        guard let stem = log.stem else { return [] }
        let folder = log.removingLastComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        for old in names.filter({ $0.hasSuffix(".events") }).sorted().dropLast(LogFileWriter.keptLogs - 1) {
            try? FileManager.default.removeItem(atPath: folder.appending(old).string)
        }
        let recording = try? RecordingWriter(to: folder.appending(stem + ".events"), version: ProgramVersion.text)
        return recording.map { [$0] } ?? []
    }

    /// Takes the next event.
    func handle(_ event: LifecycleEvent) { group.withLock { $0.handle(Self.masked(event)) } }

    /// A failure tells of the command line's words as the program's own errors do.
    private static func masked(_ event: LifecycleEvent) -> LifecycleEvent {
        guard case .failed(var failure) = event.kind else { return event }
        failure.message = CommandLineMask.own.masked(failure.message)
        failure.advice = failure.advice.map(CommandLineMask.own.masked)
        return LifecycleEvent(at: event.time, .failed(failure))
    }
}

/// The build that goes on now, if any: what a signal cancels.
final class CurrentBuild: Sendable {
    private let build = Mutex<RunningBuild?>(nil)

    /// Tells that a build has begun.
    func begin(_ build: RunningBuild) { self.build.withLock { $0 = build } }

    /// Tells that it has ended.
    func end() { build.withLock { $0 = nil } }

    /// Cancels the build; without one, as while files are watched, the program ends.
    func cancel() {
        guard let build = build.withLock({ $0 }) else {
            ProgramExit(code: Lifecycle.ExitCode.cancelled).leave()
        }
        build.cancel()
    }
}
