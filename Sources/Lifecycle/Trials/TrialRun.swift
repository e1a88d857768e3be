import BuildpackAPI
import Commands
import Diagnostics
import Digests
import Files
import LayerArchive
import OCIImage
import SystemPackage
import Text

/// Tries the finished application on the run image's files, in the sandbox, before the image gets its name.
///
/// A quick trial is run again only when what it depends on has changed, so that an edit costs nothing.
struct TrialRun {
    let request: BuildRequest
    let built: BuiltLayers
    let buildpacks: BuildpackStore
    let runImage: PlatformServices.RunImage
    let services: PlatformServices
    let cache: ProjectCache
    let emit: EventEmitter
    /// The folders that an image for another platform has in place of this machine's.
    var folders: [FilePath: FilePath] = [:]

    /// What came of the trials.
    struct Outcome {
        var isStarted = false
        /// Why the application was not started although that was asked for: an error if it had to be.
        var notTried: Diagnostic?
        /// What went wrong with quick ones.
        var problems: [Diagnostic] = []

        /// Adds what came of the trials of other platforms' images.
        mutating func add(_ others: [Outcome]) {
            isStarted = isStarted && others.allSatisfy(\.isStarted)
            notTried = notTried ?? others.compactMap(\.notTried).first
            problems += others.flatMap(\.problems)
        }
    }

    private var triesStart: Bool { request.startTrial != .no }
    private var platform: Platform { runImage.image.configuration.platform }
    private var isForeign: Bool { platform.architecture != BuildTarget.current.architecture }

    /// Runs the trials.
    /// - Throws: `BuildFailure` that says why the application does not start, `CancellationError`.
    func run() async throws -> Outcome {
        let trials = built.parts.flatMap { part in
            part.result.trials.filter { $0.occasion == .always || triesStart }.map { (part, $0) }
        }
        let emulator: ProgramEmulator?
        switch try await means() {
        case .obstacle(let reason, let advice): return Outcome(notTried: notTried((reason, advice)))
        case .itself: emulator = nil
        case .emulator(let found): emulator = found
        }
        var passed = PassedTrials.read(from: cache)
        var outcome = Outcome(isStarted: triesStart && trials.contains { $0.1.occasion == .asked })
        if triesStart, !outcome.isStarted {
            outcome.notTried = notTried(("no buildpack says how to try it", "mixpack's own buildpacks do"))
        }
        for (part, trial) in trials {
            let key = try key(of: trial, part)
            if trial.occasion == .always, emulator == nil, passed.keys[trial.name] == key { continue }
            guard let failed = try await run(trial, of: part, emulator) else {
                guard trial.occasion == .always, emulator == nil else { continue }
                passed.keys[trial.name] = key
                try passed.write(to: cache)
                continue
            }
            let cause = cause(of: failed, part)
            let failure = failure(failed, cause)
            // What waits, or lacks the network or a variable, may do well in a container.
            guard trial.occasion == .always, !triesStart, failed.status == nil || cause?.severity == .warning else {
                throw failure
            }
            var problem = Diagnostic(failure)
            problem.severity = .warning
            emit(.diagnostic(problem))
            outcome.problems.append(problem)
        }
        return outcome
    }

    /// How programs of the image run here.
    private enum Means {
        case itself
        case emulator(ProgramEmulator)
        /// Not at all, and how to change that.
        case obstacle(reason: String, advice: String)
    }

    private func means() async throws -> Means {
        if case .unavailable(let reason, let advice) = await services.runner.sandboxStatus() {
            return .obstacle(reason: "no sandbox: \(reason)", advice: advice)
        }
        guard isForeign else { return .itself }
        guard request.startTrial == .emulated else {
            return .obstacle(
                reason: "the image is for \(platform.architecture), and this machine is not",
                advice: "start it with qemu-user: --try-start=\(StartTrial.emulated.rawValue)")
        }
        do {
            let emulator = try await services.emulator(platform)
            guard try await works(emulator) else {
                return .obstacle(
                    reason: "\(emulator.program) starts no program of \(platform) in the sandbox",
                    advice: "that takes Linux 6.7 or later, with binfmt_misc: sudo modprobe binfmt_misc")
            }
            return .emulator(emulator)
        } catch let failure as Failure {
            return .obstacle(reason: failure.message, advice: failure.advice ?? "build on a machine for it")
        }
    }

    /// Whether the kernel lets the emulator run the run image's shell.
    private func works(_ emulator: ProgramEmulator) async throws -> Bool {
        let command = Command(
            "/bin/sh", ["-c", ":"], environment: ["PATH": ProgramLookup.systemPath], workingDirectory: "/",
            sandbox: Sandbox(binds: [], root: try await root(emulator)))
        return try await services.runner.run(command) { _ in }.isSuccess
    }

    private func root(_ emulator: ProgramEmulator?) async throws -> SandboxRoot {
        let unpacking = ImageUnpacking(store: services.store, folder: services.cacheRoot.appending("roots"))
        return SandboxRoot(try await unpacking.files(of: runImage.image), emulator: emulator)
    }

    /// What the user should know if a start was asked for; quick trials are left out without a word.
    private func notTried(_ obstacle: (reason: String, advice: String)) -> Diagnostic? {
        let diagnostic: Diagnostic
        switch request.startTrial {
        case .no: return nil
        case .ifPossible: diagnostic = Diagnostic(.warning, obstacle.reason, advice: obstacle.advice)
        case .required, .emulated:
            diagnostic = Diagnostic(
                .error, obstacle.reason,
                advice: "\(obstacle.advice)\nor build with --try-start=if-possible, which accepts that")
        }
        var told = diagnostic
        let what = isForeign ? "the release for \(platform)" : "the release"
        told.text = "\(what) was not started: \(obstacle.reason)"
        emit(.diagnostic(told))
        return diagnostic
    }

    /// - Returns: how it ended, if it did not go well.
    private func run(
        _ trial: Trial, of part: BuiltLayers.Part, _ emulator: ProgramEmulator?
    ) async throws -> TrialFailure? {
        let command = try await command(for: trial, of: part, emulator)
        let seconds = trial.seconds * (emulator == nil ? 1 : Self.slowdown)
        let isAsked = trial.occasion == .asked
        let report = emit.reporter(for: part.buildpack.id)
        if isAsked {
            let values = trial.madeUp.isEmpty ? "" : ", with made-up values for \(trial.madeUp.joined(separator: ", "))"
            let means = emulator.map { " for \(platform) with \($0.program)" } ?? ""
            emit(.notice("starting the release\(means) once on the run image's files, without network\(values)"))
            report(.commandStarted(id: Self.firstID, text: command.shellText))
        }
        let output = OutputTail()
        let start = services.now()
        let end = try await end(of: command, within: seconds) { chunk in
            output.add(chunk.text)
            if isAsked { report(.output(text: chunk.text, isError: chunk.stream == .stderr)) }
        }
        let status = end?.status
        if isAsked {
            report(.commandEnded(id: Self.firstID, status: status ?? 124, seconds: services.now() - start))
        } else if status != 0 {
            report(.output(text: output.text, isError: true))
        }
        var tried = trial
        tried.seconds = seconds
        return status == 0 ? nil : TrialFailure(trial: tried, status: status, output: output.text)
    }

    /// Far from the ids that buildpacks give their own commands.
    private static let firstID = 10_000
    /// How many times as long an emulator may take.
    private static let slowdown = 6

    private func command(
        for trial: Trial, of part: BuiltLayers.Part, _ emulator: ProgramEmulator?
    ) async throws -> Command {
        let binds = built.parts.flatMap { part in
            let place = FilePath("/layers/\(ProjectCache.escaped(part.buildpack.id))")
            let others = folders.filter { $0.key.removingLastComponent() == part.layersDirectory }.map { own, other in
                Sandbox.Bind(other, at: place.appending(own.lastComponent?.string ?? ""))
            }
            if part.result.layers.contains(where: { $0.folder != nil }) {
                return part.result.layers.filter { $0.types.contains(.launch) }
                    .map { Sandbox.Bind(part.folder(of: $0), at: place.appending($0.name)) }
            }
            return [Sandbox.Bind(part.layersDirectory, at: place)]
                + others.sorted { $0.destination.string < $1.destination.string }
        }
        return Command(
            FilePath(trial.command.first ?? ""), Array(trial.command.dropFirst()),
            environment: environment(of: trial, part, emulator), workingDirectory: "/workspace",
            sandbox: Sandbox(binds: binds, root: try await root(emulator), limits: .build))
    }

    /// The program's end; `nil` where it took too long, and was ended.
    private func end(
        of command: Command, within seconds: Int, _ onOutput: @escaping @Sendable (CommandOutput) -> Void
    ) async throws -> Termination? {
        try await withThrowingTaskGroup(of: Termination?.self) { tasks in
            tasks.addTask { [runner = services.runner] in try await runner.run(command, onOutput: onOutput) }
            tasks.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { tasks.cancelAll() }
            return try await tasks.next() ?? nil
        }
    }

    private func cause(of failure: TrialFailure, _ part: BuiltLayers.Part) -> Diagnostic? {
        let buildpack = try? buildpacks.buildpack(
            BuildpackReference(id: part.buildpack.id, version: part.buildpack.version))
        return buildpack?.explain(failure)
    }

    private func failure(_ failure: TrialFailure, _ cause: Diagnostic?) -> Failure {
        let ending =
            failure.status.map { "ended with status \($0)" } ?? "did not finish within \(failure.trial.seconds) s"
        return Failure(
            .exportFailed,
            "on the run image\(isForeign ? " for \(platform)" : ""), \(failure.trial.name) \(ending)"
                + (cause.map { ": \($0.text)" } ?? ""),
            at: cause.flatMap { cause in cause.file.map { Place($0, line: cause.line) } },
            advice: cause?.advice ?? "see its output above")
    }

    /// The variables of a container: those of the run image, of the image's configuration, and the trial's own.
    private func environment(
        of trial: Trial, _ part: BuiltLayers.Part, _ emulator: ProgramEmulator?
    ) -> [String: String] {
        var result = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        for text in runImage.image.configuration.config.environment {
            let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if pair.count == 2 { result[pair[0]] = pair[1] }
        }
        result.merge(part.result.imageEnvironment) { $1 }
        result.merge(trial.environment) { $1 }
        if emulator != nil { result.merge(trial.emulation) { own, added in "\(added) \(own)" } }
        result[LeftoverProcesses.variable] = cache.lock.string
        return result
    }

    /// What the trial depends on, as one hash.
    private func key(of trial: Trial, _ part: BuiltLayers.Part) throws -> String {
        var parts = [runImage.image.digest.hex, trial.command.joined(separator: "\0")]
        parts += trial.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        parts += try trial.files.map { path in
            try MessageDigest.hex(of: (try? part.file(at: FilePath(path)).bytes()) ?? [])
        }
        return try MessageDigest.hex(of: parts.joined(separator: "\n").utf8)
    }
}

/// The quick trials that went well, by name, each under the hash of what it depends on.
struct PassedTrials: Codable {
    var keys: [String: String] = [:]

    static func read(from cache: ProjectCache) -> PassedTrials {
        file(in: cache).json() ?? PassedTrials()
    }

    func write(to cache: ProjectCache) throws {
        try Self.file(in: cache).replace(with: CanonicalJSON.encode(self))
    }

    private static func file(in cache: ProjectCache) -> FilePath { cache.records.appending("trials.json") }
}
