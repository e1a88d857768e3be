import Commands
import Diagnostics
import Files
import ProjectGit
import SystemPackage
import Toolchains

/// Reads a mix project by evaluating its mix.exs in a bare Erlang VM: needs no Hex, fetches and compiles nothing.
///
/// mix.exs is a program of the project's, so it runs in the sandbox: it sees the project and what belongs to it
/// read-only, no network, an empty home folder, and none of the user's secrets.
package struct MixInspector: Sendable {
    package let toolchain: Toolchain
    /// How long mix.exs may take, in seconds.
    package let timeoutSeconds: Int
    let runner: any CommandRunner
    let cacheDirectory: FilePath
    let helperDirectory: FilePath
    /// The folder of answers that hold everywhere; `nil` shares none.
    let sharedDirectory: FilePath?
    let environment: EvaluationEnvironment
    let confinement: Confinement
    let openedPaths: [FilePath]
    /// The folder around the project that is copied with it, links followed; mix.exs sees it.
    let context: FilePath?
    /// Whether the evaluation leaves the processors to a build beside it.
    package var givesWay = false

    /// - Parameters:
    ///   - cacheDirectory: a folder of this project to keep results and to work in; made when it is missing. Nobody
    ///     else may clear it meanwhile.
    ///   - helperDirectory: a folder for the compiled helper, which takes half a second once and fits every project; by
    ///     default the cache folder.
    ///   - sharedDirectory: a folder for answers that hold wherever the project lies; by default none are shared.
    ///   - environment: the machine's; mix.exs gets little of it.
    ///   - variables: those that the user gives to the build; those that steer Mix and Erlang are left out.
    ///   - secrets: the user's secrets, which mix.exs does not get; where it cannot do without one, it gets a made-up
    ///     value.
    ///   - confinement: how the machine is kept from mix.exs.
    ///   - openedPaths: folders and files outside the project that the user has opened to it.
    ///   - context: the folder around the project that is copied with it, links followed.
    ///   - timeoutSeconds: how long mix.exs may take; 20 by default.
    package init(
        toolchain: Toolchain, runner: any CommandRunner, cacheDirectory: FilePath, helperDirectory: FilePath? = nil,
        sharedDirectory: FilePath? = nil, environment: [String: String], variables: [String: String] = [:],
        secrets: [String: String] = [:],
        confinement: Confinement = .sandbox, openedPaths: [FilePath] = [], context: FilePath? = nil,
        timeoutSeconds: Int = 20
    ) {
        self.toolchain = toolchain
        self.runner = runner
        self.cacheDirectory = cacheDirectory
        self.helperDirectory = helperDirectory ?? cacheDirectory
        self.sharedDirectory = sharedDirectory
        self.environment = EvaluationEnvironment(machine: environment, variables: variables, secrets: secrets)
        self.confinement = confinement
        self.openedPaths = openedPaths
        self.context = context
        self.timeoutSeconds = timeoutSeconds
    }

    /// What mix.exs says without running it: takes milliseconds and needs no toolchain; computed values stay unknown.
    /// - Throws: `Failure` of the kind `notMixProject`.
    package static func staticLook(
        _ project: FilePath, _ surroundings: ProjectSurroundings = ProjectSurroundings()
    ) throws(Failure) -> MixProject {
        try StaticLook(project, surroundings).read()
    }

    /// The name of the folder with the helper that was compiled for a toolchain; it has no path in it.
    package static func helperName(for toolchain: Toolchain) -> String {
        InspectionHelper(toolchain: toolchain, directory: "/").folder.lastComponent?.string ?? ""
    }

    /// The folder of the umbrella that a project is a child of, links followed; `nil` if it is none.
    package static func umbrella(of project: FilePath) -> FilePath? {
        guard let found = try? StaticLook(project).read(), found.kind == .umbrellaChild, let root = found.umbrellaRoot
        else { return nil }
        return (project.realPath ?? project).pushing(FilePath(root)).lexicallyNormalized()
    }

    /// What the project is when its mix.exs is evaluated; the answer is kept until a file that it rests on changes.
    /// - Throws: `Failure`, `CancellationError`.
    package func inspect(_ project: FilePath) async throws -> MixProject {
        let root = try StaticLook(project).existingRoot()
        async let confined = checkedConfinement(of: root)
        let tree = ProjectTree(root: root, home: environment.home, context: context)
        let files = tree.sourceFiles()
        let isSandboxed = try await confined
        try cacheDirectory.makeFolders()
        try helperDirectory.makeFolders()
        let place = isSandboxed ? "sandbox" : "machine"
        let keys = InspectionKeys(
            tree: tree, files: files, helper: "\(helper.version) \(place)", environment: environment)
        let cache = InspectionCache(folder: cacheDirectory, secrets: environment.secretValues)
        var evaluation = try await kept(cache, keys, root, isSandboxed: isSandboxed)
        var scan = cache.load("scan-words.json", key: keys.settings, as: [String].self).flatMap {
            cache.load("scan.json", key: keys.scan(words: $0), as: [ScanHit].self)
        }
        let shared = sharedDirectory.map {
            SharedAnswers(answers: AnswerStore(folder: $0), own: cacheDirectory, secrets: environment.secretValues)
        }
        if evaluation == nil, let found = shared?.evaluation(keys) {
            cache.store(found, "evaluation.json", key: keys.evaluation(madeUp: false))
            evaluation = found
        }
        if scan == nil, let found = shared?.scan(keys) {
            cache.store(found, keys)
            scan = found.hits
        }
        if evaluation == nil || scan == nil {
            let request = InspectionRequest(
                root: root, isEvaluating: evaluation == nil, filesToScan: scan == nil ? files.toScan : [],
                candidates: scan == nil ? files.candidates : [], timeoutSeconds: timeoutSeconds)
            let (answer, madeUp) = try await answer(to: request, tree, isSandboxed: isSandboxed)
            if let own = answer.own {
                let found = InspectionCache.Evaluation(
                    own: own, children: answer.children ?? [], madeUp: madeUp, git: answer.git ?? GitRecord())
                cache.store(found, "evaluation.json", key: keys.evaluation(madeUp: !madeUp.isEmpty))
                shared?.keep(found, keys)
                evaluation = found
            }
            if let hits = answer.scan {
                let found = SharedAnswers.Scan(hits: hits, words: answer.scanWords ?? [])
                cache.store(found, keys)
                shared?.keep(found, keys)
                scan = hits
            }
        }
        guard let evaluation else { throw Self.noAnswer(nil, output: "") }
        return try assemble(root, evaluation, scan ?? [])
    }

    /// The answer of an earlier inspection, if git says today what it said then.
    private func kept(
        _ cache: InspectionCache, _ keys: InspectionKeys, _ root: FilePath, isSandboxed: Bool
    ) async throws -> InspectionCache.Evaluation? {
        let found = keys.evaluations.lazy.compactMap {
            cache.load("evaluation.json", key: $0, as: InspectionCache.Evaluation.self)
        }.first
        guard let found, !found.git.entries.isEmpty else { return found }
        let reader = gitReader(of: root, isSandboxed: isSandboxed, scratch: cacheDirectory)
        return try await GitMemory(folder: cacheDirectory).isCurrent(found.git, reader) ? found : nil
    }

    /// What answers mix.exs when it asks git; `nil` if git is not installed, or in a platform's container.
    func gitReader(of root: FilePath, isSandboxed: Bool, scratch: FilePath) -> GitReader? {
        guard confinement != .container else { return nil }
        return GitReader(
            places: GitPlaces(project: root, seen: root, home: environment.home, context: context), runner: runner,
            isSandboxed: isSandboxed, scratch: scratch)
    }

    /// What the project is; where its mix.exs cannot be evaluated, as far as it can be read, and why.
    /// - Throws: `Failure` where even that cannot be said, `CancellationError`.
    package func look(at project: FilePath) async throws -> (project: MixProject, failure: Failure?) {
        do {
            return (try await inspect(project), nil)
        } catch let failure as Failure where failure.code == .brokenMixFile {
            return (try await scanned(project), failure)
        }
    }

    /// What mix.exs says without running it, with what the source reads.
    private func scanned(_ project: FilePath) async throws -> MixProject {
        let root = try StaticLook(project).existingRoot()
        let tree = ProjectTree(root: root, home: environment.home, context: context)
        let files = tree.sourceFiles()
        let request = InspectionRequest(
            root: root, isEvaluating: false, filesToScan: files.toScan, candidates: files.candidates,
            timeoutSeconds: timeoutSeconds)
        let isSandboxed = try await checkedConfinement(of: root)
        let hits = try await answer(to: request, tree, isSandboxed: isSandboxed).0.scan
        var found = try StaticLook(root, surroundings).read()
        found.add(hits ?? [], root: root)
        return found
    }

    private var surroundings: ProjectSurroundings {
        ProjectSurroundings(context: context, home: environment.home)
    }

    /// Whether mix.exs is evaluated in the sandbox.
    /// - Throws: `Failure` where it cannot be, and must not be otherwise.
    private func checkedConfinement(of root: FilePath) async throws -> Bool {
        guard confinement != .container else { return false }
        switch await runner.sandboxStatus() {
        case .available:
            guard !root.components.isEmpty else {
                throw Failure(
                    .cannotPlan, "the project's folder is /, so a sandbox would show the whole machine",
                    advice: "move the project to its own folder")
            }
            return true
        case .unavailable(let reason, let advice):
            guard confinement == .trusted else { throw Failure(untrusted: root, reason: reason, advice: advice) }
            return false
        }
    }

    private func assemble(
        _ root: FilePath, _ evaluation: InspectionCache.Evaluation, _ hits: [ScanHit]
    ) throws(Failure) -> MixProject {
        let assembly = try ProjectAssembly(
            root: root, own: evaluation.own, children: evaluation.children, evidence: .evaluated,
            surroundings: surroundings)
        var project = assembly.project()
        project.add(hits, root: root)
        // The user has chosen.
        if environment.namesMixEnvironment { project.findings.removeAll(where: \.isAboutEnvironment) }
        project.findings += evaluation.madeUp.map(Diagnostic.madeUp)
        project.findings += GitFindings(root: root).diagnostics(evaluation.git)
        if let finding = toolchain.pairFinding { project.findings.append(finding) }
        return project
    }
}

extension MixProject {
    /// Adds what a scan of the source found.
    mutating func add(_ hits: [ScanHit], root: FilePath) {
        let scan = ScanResult(
            hits: hits, shellReads: ReleaseScripts(root: root).variables,
            configFolder: configFolder, startFiles: releases.compactMap(\.runtimeConfigPath))
        variables = scan.variables
        unnamedReads = scan.unnamedReads
        findings += scan.findings(root: root, project: self)
    }
}

extension Failure {
    /// There is no sandbox, and the user has not said that the project's code may run without one.
    init(untrusted project: FilePath, reason: String, advice: String) {
        self.init(
            .untrusted,
            "no sandbox (\(reason)), so mix.exs is not evaluated: it would run as you, with your files",
            advice: "\(advice)\nor, if you trust the project: --trust-project")
    }
}

extension Diagnostic {
    /// mix.exs would not go on without a secret.
    fileprivate static func madeUp(_ name: String) -> Diagnostic {
        Diagnostic(
            .note, "mix.exs asks for the secret \(name), \(madeUpWords)", file: "mix.exs",
            advice: "the evaluation gets no secrets; the build itself gets your value")
    }

    fileprivate static let madeUpWords = "so it was evaluated with a made-up value"
}

extension MixProject {
    /// Whether mix.exs asked for a secret and got a made-up value, which what it says may rest on.
    package var restsOnMadeUpSecrets: Bool { findings.contains { $0.text.hasSuffix(Diagnostic.madeUpWords) } }
}

/// The folders that inspections of a project keep their things in; no build clears them.
package struct InspectionPlaces: Sendable {
    /// What is known of the project, and what one look at it needs meanwhile.
    package var answers: FilePath
    /// The compiled helper, which fits every project; `nil` keeps it with the answers.
    package var helpers: FilePath?
    /// Answers that hold wherever a project lies; `nil` shares none.
    package var shared: FilePath?

    package init(answers: FilePath, helpers: FilePath? = nil, shared: FilePath? = nil) {
        self.answers = answers
        self.helpers = helpers
        self.shared = shared
    }

    /// The names of the shared answers that the project used, each that of two folders in each other.
    package var sharedNames: [String] { SharedAnswers.names(in: answers) }
}

/// How the machine is kept from mix.exs while it is evaluated.
package enum Confinement: Sendable, Hashable {
    /// In the sandbox; without one mix.exs is not evaluated (`Failure` of the kind `untrusted`).
    case sandbox
    /// In the sandbox where there is one, else as the user, who trusts the project.
    case trusted
    /// Without a sandbox of mixpack's own: a platform's container is one.
    case container
}
