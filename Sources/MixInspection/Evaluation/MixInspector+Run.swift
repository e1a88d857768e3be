import BuildpackAPI
import Commands
import Diagnostics
import Files
import FoundationEssentials
import Glibc
import ProjectGit
import SystemPackage
import Text

/// What one run of the helper is about.
struct EvaluationRun {
    var request: InspectionRequest
    var tree: ProjectTree
    var isSandboxed: Bool
    /// The names of secrets that get made-up values.
    var madeUp: [String]
}

/// The runs of the helper.
extension MixInspector {
    var helper: InspectionHelper { InspectionHelper(toolchain: toolchain, directory: helperDirectory) }

    /// Has the helper answer a request: without secrets, and once more with made-up ones where mix.exs asks for those
    /// that the user gave.
    /// - Returns: the answer, and the names of the secrets that were made up.
    func answer(
        to request: InspectionRequest, _ tree: ProjectTree, isSandboxed: Bool
    ) async throws -> (InspectionAnswer, madeUp: [String]) {
        do {
            return (try await run(request, tree, isSandboxed: isSandboxed), [])
        } catch let error as Failure where error.code == .brokenMixFile {
            if let program = MissingProgram(error, in: tree) { throw program.told(error) }
            let missing = MissingVariable(error, in: tree, given: environment.plain)
            let madeUp = tree.names(among: environment.secretNames)
            guard !madeUp.isEmpty else { throw missing?.told(error) ?? error }
            do {
                return (try await run(request, tree, isSandboxed: isSandboxed, madeUp: madeUp), madeUp)
            } catch var second as Failure {
                if second.message != error.message {
                    second.advice = "it was evaluated with made-up values for \(madeUp.joined(separator: ", "))"
                }
                let missing = MissingVariable(second, in: tree, given: environment.plain)
                throw missing.map { madeUp.contains($0.name) ? second : $0.told(second) } ?? second
            }
        }
    }

    /// Runs the helper; the first time with a toolchain it is compiled beside that, for the next times.
    ///
    /// No project may have a hand in what reads all others: what is kept is compiled in a VM of its own.
    private func run(
        _ request: InspectionRequest, _ tree: ProjectTree, isSandboxed: Bool, madeUp: [String] = []
    ) async throws -> InspectionAnswer {
        let run = EvaluationRun(request: request, tree: tree, isSandboxed: isSandboxed, madeUp: madeUp)
        let helper = helper
        guard !helper.isCompiled else {
            helper.markUsed()
            return try await evaluate(run, helper: helper.folder)
        }
        // Beside the place where it will be kept, so that one rename brings it there.
        let work = helperDirectory.appending("beams-\(FilePath.uniqueName())")
        try work.makeFolders()
        defer { try? work.remove() }
        try helper.writeSources(to: work)
        async let compiled = compile(in: work)
        let answer = await result { try await evaluate(run, helper: work) }
        let (end, output) = try await compiled
        helper.keep(from: work)
        guard helper.isCompiled else {
            throw Failure(
                .noToolchain,
                "Elixir \(toolchain.elixirVersion) in \(toolchain.elixirRoot) does not work: it \(Self.how(end))",
                advice: Self.lastLines(of: output))
        }
        return try answer.get()
    }

    private func result<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    private func compile(in folder: FilePath) async throws -> (Termination?, output: String) {
        let none = EvaluationEnvironment(machine: [:], variables: [:], secrets: [:])
        let command = Command(
            toolchain.erlangRoot.appending("bin/erl"), helper.compilation(in: folder),
            environment: none.variables(toolchain, home: folder, madeUp: []), workingDirectory: folder)
        return try await runInTime(command, seconds: 60)
    }

    /// Evaluates; on a copy of the project where the project itself cannot be read, or mix.exs wants to write to it.
    private func evaluate(_ run: EvaluationRun, helper: FilePath) async throws -> InspectionAnswer {
        HeldFolder.removeAbandoned(in: cacheDirectory, prefix: "run-")
        let held = try HeldFolder(in: cacheDirectory, prefix: "run-")
        defer { held.remove() }
        let scratch = held.path
        guard run.isSandboxed else { return try await evaluate(run, helper: helper, in: scratch, sandbox: nil) }
        let root = run.request.root
        let view = EvaluationView(
            root: root, home: environment.home, opened: openedPaths + (context.map { [$0] } ?? []),
            repository: RepositoryView(
                places: GitPlaces(project: root, seen: root, home: environment.home, context: context),
                scratch: scratch))
        if isReadable(run) {
            do {
                let hidden = hiddenFiles(run, scratch)
                return try await evaluate(run, helper: helper, in: scratch, sandbox: try view.binds() + hidden)
            } catch let error as Failure where Self.isAboutRights(error) {
                // mix.exs writes to the project, or reads what only its owner may.
            }
        }
        let copy = scratch.appending("project")
        try ReadableCopy.make(of: run.request.root, at: copy)
        return try await evaluate(run, helper: helper, in: scratch, sandbox: try view.binds(copy: copy))
    }

    /// Whether a copy would show more: root outside of the sandbox can read what it cannot read inside.
    private func isReadable(_ run: EvaluationRun) -> Bool {
        guard geteuid() == 0 else { return true }
        let files = (run.tree.settings + run.request.filesToScan + run.request.candidates).map {
            run.tree.root.appending($0)
        }
        return NamespaceAccess().canRead(all: files.filter { $0.kind != .link })
    }

    /// An empty file in the place of each that no build gets; those in `lib`, `priv` and the like are not looked for.
    private func hiddenFiles(_ run: EvaluationRun, _ scratch: FilePath) -> [Sandbox.Bind] {
        let empty = scratch.appending("empty")
        guard (try? empty.replace(with: [])) != nil else { return [] }
        return (run.tree.settings + run.tree.around).filter {
            SourceSelection.isKeptFromBuilds(FilePath($0).lastComponent?.string ?? "")
        }
        .map { run.tree.root.pushing(FilePath($0)) }.filter { $0.realPath == $0 }
        .map { Sandbox.Bind(empty, at: $0) }
    }

    private static func isAboutRights(_ error: Failure) -> Bool {
        ["read-only file system", "permission denied", ":erofs", ":eacces"].contains(where: error.message.contains)
    }

    /// Evaluates with a git that answers from the user's repository.
    private func evaluate(
        _ run: EvaluationRun, helper: FilePath, in scratch: FilePath, sandbox binds: [Sandbox.Bind]?
    ) async throws -> InspectionAnswer {
        let reader = gitReader(of: run.request.root, isSandboxed: binds != nil, scratch: scratch)
        guard let reader else { return try await evaluate(run, helper: helper, in: scratch, sandbox: binds, nil) }
        let desk = try GitDesk(
            reader, memory: GitMemory(folder: cacheDirectory), keepsRecord: false, holdsRepositories: true,
            secrets: environment.secretValues)
        let result = await result { try await evaluate(run, helper: helper, in: scratch, sandbox: binds, desk) }
        await desk.close()
        var answer = try result.get()
        answer.git = desk.record
        return answer
    }

    private func evaluate(
        _ run: EvaluationRun, helper: FilePath, in scratch: FilePath, sandbox binds: [Sandbox.Bind]?, _ desk: GitDesk?
    ) async throws -> InspectionAnswer {
        let seen: (scratch: FilePath, home: FilePath, helper: FilePath) =
            binds == nil
            ? (scratch, scratch.appending("home"), helper)
            : ("/mixpack/inspection", "/mixpack/home", "/mixpack/helper")
        if binds == nil { try seen.home.makeFolders() }
        let files = (request: scratch.appending("request"), answer: scratch.appending("answer.json"))
        let text = run.request.text(output: seen.scratch.appending("answer.json"))
        try files.request.replace(with: Array(text.utf8))
        try files.answer.replace(with: [])
        let sandbox = binds.map { binds in
            Sandbox(
                binds: toolchain.folders.map { Sandbox.Bind($0, at: $0) } + binds + (desk?.binds ?? []) + [
                    Sandbox.Bind(helper, at: seen.helper),
                    Sandbox.Bind(files.request, at: seen.scratch.appending("request")),
                    Sandbox.Bind(files.answer, at: seen.scratch.appending("answer.json"), isWritable: true),
                ], temporaryFolders: [seen.home], limits: .build)
        }
        let command = Command(
            toolchain.erlangRoot.appending("bin/erl"),
            self.helper.arguments(
                request: seen.scratch.appending("request"), folder: seen.helper,
                isCompiled: helper == self.helper.folder),
            environment: environment.variables(
                toolchain, home: seen.home, madeUp: run.madeUp, programs: desk?.programs),
            workingDirectory: seen.scratch, sandbox: sandbox, givesWay: givesWay)
        let (termination, output) = try await runInTime(command, seconds: run.request.timeoutSeconds)
        guard let bytes = try? ProjectFile.bytes(files.answer),
            let answer = try? JSONDecoder().decode(InspectionAnswer.self, from: Data(bytes))
        else { throw Self.noAnswer(termination, output: output) }
        if let failure = answer.error { throw failure.error(timeoutSeconds: run.request.timeoutSeconds) }
        return answer
    }

    /// Runs the VM.
    ///
    /// The helper watches the time itself and can tell where mix.exs was stuck; the limit here is for when it cannot.
    private func runInTime(_ command: Command, seconds: Int) async throws -> (Termination?, output: String) {
        let tail = OutputTail(limit: 1000)
        let ended = try await withThrowingTaskGroup(of: Termination?.self) { tasks in
            tasks.addTask {
                try await runner.run(command) { tail.add($0.text) }
            }
            tasks.addTask {
                try await Task.sleep(for: .seconds(seconds + 10))
                return nil
            }
            defer { tasks.cancelAll() }
            return try await tasks.next() ?? nil
        }
        return (ended, tail.text)
    }

    /// The VM ended without an answer: mix.exs stopped it, or it could not work.
    static func noAnswer(_ termination: Termination?, output: String) -> Failure {
        // The helper's own end, where mix.exs is not to blame.
        if output.contains(InspectionHelper.failureMark) {
            return Failure(.cannotPlan, "cannot evaluate mix.exs", advice: lastLines(of: output))
        }
        return Failure(
            .brokenMixFile, "mix.exs \(how(termination)) before it was read", at: Place("mix.exs"),
            advice: lastLines(of: output))
    }

    private static func how(_ termination: Termination?) -> String {
        switch termination {
        case .exited(let status): "ended the Erlang VM with status \(status)"
        case .signalled(let signal): "ended the Erlang VM by signal \(signal)"
        case nil: "did not finish"
        }
    }

    private static func lastLines(of output: String) -> String? {
        let lines = output.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "\n")
        return lines.isEmpty ? nil : "its last lines of output:\n\(lines)"
    }
}

extension InspectionAnswer.Failure {
    /// The error that the user sees: the place and one line, no stack.
    func error(timeoutSeconds: Int) -> Failure {
        if noProject == true {
            return Failure(
                .notMixProject, "mix.exs defines no project: no module has `use Mix.Project`",
                at: Place("mix.exs"))
        }
        let file = file ?? "mix.exs"
        if timedOut == true {
            return Failure(
                .brokenMixFile, "mix.exs did not finish within \(timeoutSeconds) seconds", at: Place(file, line: line),
                advice: "mix.exs should only describe the project, not wait for anything")
        }
        return Failure(.brokenMixFile, message, at: Place(file, line: line))
    }
}
