public import Commands
public import SystemPackage

/// Reads a mix project by evaluating its mix.exs in a bare Erlang VM: needs no Hex, fetches and compiles nothing.
public struct MixInspector: Sendable {
    /// The Erlang and Elixir that evaluate.
    public let toolchain: Toolchain
    /// How long mix.exs may take, in seconds.
    public let timeoutSeconds: Int
    let runner: any CommandRunner
    let cacheDirectory: FilePath
    let helperDirectory: FilePath
    let environment: [String: String]

    /// Creates an inspector.
    /// - Parameters:
    ///   - cacheDirectory: a folder of this project to keep results in; made when it is missing.
    ///   - helperDirectory: a folder for the compiled helper, which takes half a second once and fits every project; by
    ///     default the cache folder.
    ///   - environment: what mix.exs sees, `PATH` and `HOME` among it; variables that steer Mix and Erlang are left out.
    ///   - timeoutSeconds: how long mix.exs may take; 20 by default.
    public init(
        toolchain: Toolchain, runner: any CommandRunner, cacheDirectory: FilePath, helperDirectory: FilePath? = nil,
        environment: [String: String], timeoutSeconds: Int = 20
    ) {
        self.toolchain = toolchain
        self.runner = runner
        self.cacheDirectory = cacheDirectory
        self.helperDirectory = helperDirectory ?? cacheDirectory
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
    }

    /// What mix.exs says without running it: takes milliseconds and needs no toolchain; computed values stay unknown.
    /// - Throws: `MixError` of the kind `notMixProject`.
    public static func staticLook(_ project: FilePath) throws(MixError) -> MixProject {
        try StaticLook(project).read()
    }

    /// What the project is when its mix.exs is evaluated; the answer is kept until a file that it rests on changes.
    /// - Throws: `MixError`; `CommandError` when the VM cannot be started; `CancellationError`.
    public func inspect(_ project: FilePath) async throws -> MixProject {
        let root = try StaticLook(project).existingRoot()
        try CacheFile.makeFolder(cacheDirectory)
        try CacheFile.makeFolder(helperDirectory)
        let tree = ProjectTree(root: root)
        let files = tree.filesToScan()
        let keys = InspectionKeys(tree: tree, files: files, helper: helper.version, environment: vmEnvironment)
        let secrets = environment.filter { SecretName.matches($0.key) && $0.value.utf8.count >= 6 }.map(\.value)
        let cache = InspectionCache(folder: cacheDirectory, secrets: secrets)
        var evaluation = cache.load("evaluation.json", key: keys.evaluation, as: InspectionCache.Evaluation.self)
        var hits = cache.load("scan.json", key: keys.scan, as: [ScanHit].self)
        if evaluation == nil || hits == nil {
            let request = InspectionRequest(
                root: root, isEvaluating: evaluation == nil, filesToScan: hits == nil ? files : [],
                timeoutSeconds: timeoutSeconds)
            let answer = try await run(request)
            if let own = answer.own {
                evaluation = InspectionCache.Evaluation(own: own, children: answer.children ?? [])
                cache.store(evaluation, "evaluation.json", key: keys.evaluation)
            }
            hits = answer.scan ?? hits ?? []
            cache.store(hits, "scan.json", key: keys.scan)
        }
        guard let evaluation else { throw Self.noAnswer(nil, output: "") }
        return assemble(root, evaluation, hits ?? [])
    }

    private func assemble(_ root: FilePath, _ evaluation: InspectionCache.Evaluation, _ hits: [ScanHit]) -> MixProject {
        let assembly = ProjectAssembly(
            root: root, own: evaluation.own, children: evaluation.children, evidence: .evaluated)
        var project = assembly.project()
        let scan = ScanResult(hits: hits, shellReads: ReleaseScripts(root: root).variables)
        project.variables = scan.variables
        project.findings += scan.findings(root: root, usesPhoenix: project.usesPhoenix)
        if let finding = toolchain.pairFinding { project.findings.append(finding) }
        return project
    }
}
