import BuildpackAPI
import Commands
import Diagnostics
import Files
import MixInspection
import ProjectGit
import SystemPackage

/// git's answers to the project's code in one build, from the user's repository.
///
/// The copy that mix works in has no repository. It gets the files that say what is checked out, and a `git` first on the
/// PATH brings questions to the desk. What was compiled with answers that are no longer true is compiled again.
struct ProjectGitAnswers: Sendable {
    let places: GitPlaces
    /// What tells the answers that this build began with from others.
    let token: String
    /// Whether git answered differently when the last build asked.
    let hasChanged: Bool
    private let desk: GitDesk?
    private let record: GitRecord
    private let copy: FilePath

    /// Asks the last build's questions again.
    /// - Parameter places: where mix works.
    /// - Throws: `Failure`, `CancellationError`.
    init(_ context: BuildContext, _ places: MixPlaces, _ runner: any CommandRunner) async throws {
        let folder = Self.folder(context.cacheDirectory)
        let scratch = folder.appending("work")
        // What a killed build left.
        try scratch.remove()
        try scratch.makeFolders()
        let memory = GitMemory(folder: folder)
        let questions = GitQuestions(
            project: context.applicationDirectory, environment: context.environment, cache: context.cacheDirectory,
            runner: runner, isSandboxed: places.isSandboxed, seen: places.workspace,
            context: places.path.isEmpty ? nil : context.selection.context?.folder)
        let reader = questions.reader
        self.places = questions.places
        copy = places.copy
        let files = RepositoryFiles(self.places.repository)
        try files.write(to: copy.appending(".git"), below: copy)
        let known = memory.load()
        token = try await questions.token(known, memory)
        hasChanged = token != known.token
        var record = hasChanged ? GitRecord() : known
        record.token = token
        record.files =
            GitFindings(root: self.places.project).namesFiles ? try memory.filesHash(self.places.repository) : nil
        self.record = record
        guard let reader else {
            desk = nil
            return
        }
        let secrets = context.platformVariables.filter { context.secretNames.contains($0.key) }.values
        desk = try GitDesk(
            reader, record: record, memory: memory, keepsRecord: true, holdsRepositories: false,
            secrets: secrets.filter { $0.utf8.count >= 6 })
    }

    /// The folder of the project's cache with what is remembered of git.
    static func folder(_ cache: FilePath) -> FilePath { cache.appending("git") }

    /// Lets a command's program find the `git` that asks.
    func put(into command: inout Command) {
        guard let desk else { return }
        let path = command.environment["PATH"] ?? ProgramLookup.systemPath
        command.environment["PATH"] = "\(desk.programs):\(path)"
        guard command.sandbox != nil else { return }
        command.sandbox?.binds += desk.binds + files
    }

    /// `.git` where code finds it that goes up from the project's folder, or by what git says.
    private var files: [Sandbox.Bind] {
        let own = copy.appending(".git")
        guard own.kind == .folder, let repository = places.repository else { return [] }
        // The project's folder is seen below the root, so each way up from it leads there.
        let above: [FilePath] = repository.worktree == places.project ? [] : ["/.git"]
        let inCopy = places.seen.appending(".git")
        return (places.seenFolders.filter { $0 != inCopy } + above).map { Sandbox.Bind(own, at: $0) }
    }

    /// Throws away what the project's own applications compiled to if git's answers are no longer the same.
    /// - Returns: whether anything was thrown away.
    func forgetOldAnswers(_ project: MixProject) throws -> Bool {
        guard hasChanged else { return false }
        let own = [project.app].compactMap(\.self) + project.children.map(\.name)
        let names = own + project.dependencies.filter { [.path, .umbrella].contains($0.source) }.map(\.name)
        let builds = copy.appending("_build")
        var isThere = false
        for environment in builds.names {
            for name in names {
                let place = builds.appending(environment).appending("lib").appending(name)
                try place.removeLinks(below: copy)
                isThere = isThere || place.exists
                try place.remove()
            }
        }
        return isThere
    }

    /// Writes the state down, once what was compiled with other answers is gone.
    func remember(_ context: BuildContext) throws {
        let memory = GitMemory(folder: Self.folder(context.cacheDirectory))
        if record != memory.load() { try memory.save(record) }
    }

    /// Ends git, and says which calls were refused.
    /// - Parameter known: what the user has been told.
    func close(_ context: BuildContext, known: [Diagnostic] = []) async {
        guard let desk else { return }
        await desk.close()
        let found = GitFindings(root: places.project).diagnostics(desk.record, asked: desk.asked)
        for diagnostic in found where !known.contains(diagnostic) { context.reporter(.diagnostic(diagnostic)) }
    }
}

/// What a build's record of git rests on: the questions of the last one, for those who only want to know whether it still holds.
struct GitQuestions {
    let places: GitPlaces
    let reader: GitReader?

    init(
        project: FilePath, environment: [String: String], cache: FilePath, runner: any CommandRunner, isSandboxed: Bool,
        seen: FilePath, context: FilePath? = nil
    ) {
        places = GitPlaces(
            project: project.realPath ?? project, seen: seen, home: environment["HOME"].map { FilePath($0) },
            context: context)
        reader = GitReader(
            places: places, runner: runner, isSandboxed: isSandboxed,
            scratch: ProjectGitAnswers.folder(cache).appending("work"))
    }

    /// What tells today's answers from others.
    func token(_ record: GitRecord, _ memory: GitMemory) async throws -> String {
        try await memory.token(record, reader, places.repository)
    }
}
