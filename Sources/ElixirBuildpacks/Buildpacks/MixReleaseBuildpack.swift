import BuildpackAPI
import Commands
import Diagnostics
import Files
import MixInspection
import ProjectGit
import SystemPackage
import Toolchains

/// Makes a release of a mix project, in a copy of it, and splits it into launch layers.
package struct MixReleaseBuildpack: Buildpack {
    package let descriptor: BuildpackDescriptor
    private let runner: any CommandRunner
    private let inspections: (@Sendable (FilePath) -> InspectionPlaces)?
    private let supply: ToolchainSupply?
    private let worksInPlace: Bool
    /// Programs of the user's that the build sees, by name or path.
    private let namedTools: [String]
    private let dependencies: DependencyStore?
    private let fetched: FetchedStore?

    /// - Parameters:
    ///   - version: mixpack's own version.
    ///   - runner: what starts mix.
    ///   - inspections: where a project's inspections keep their things; by default in the buildpack's cache.
    ///   - supply: where comes from what a project asks for and the machine lacks; without one, the machine's is used.
    ///   - worksInPlace: whether mix works in the application's folder itself and without a sandbox, as a buildpack of
    ///     another platform does, which gets a folder of its own at /workspace.
    ///   - dependencies: the machine's store of compiled dependencies; without one, none is kept.
    ///   - fetched: the machine's store of fetched packages; without one, none is kept.
    package init(
        version: String, runner: any CommandRunner,
        inspections: (@Sendable (FilePath) -> InspectionPlaces)? = nil, supply: ToolchainSupply? = nil,
        worksInPlace: Bool = false, namedTools: [String] = [], dependencies: DependencyStore? = nil,
        fetched: FetchedStore? = nil
    ) {
        descriptor = .own(BuildpackID.mixRelease, "Mix release", version: version)
        self.runner = runner
        self.inspections = inspections
        self.supply = supply
        self.worksInPlace = worksInPlace
        self.namedTools = namedTools
        self.dependencies = dependencies
        self.fetched = fetched
    }

    /// Passes for a mix project whose release is settled; tells what the user should know of it.
    ///
    /// Where mix.exs can be understood without running it, it is evaluated beside the build only.
    /// - Throws: `Failure` when the project cannot be planned.
    package func detect(_ context: DetectContext) async throws -> DetectResult {
        if let reason = MixProjectFile.absence(in: context.applicationDirectory) { return .fail(reason: reason) }
        _ = try DistributionProfile(context.platformVariables)
        let found = ProjectToolchain(context, supply)
        do {
            return try await detect(context, found)
        } catch let problem as Failure where problem.code == .versionConflict {
            throw found.advised(problem)
        }
    }

    private func detect(_ context: DetectContext, _ found: ProjectToolchain) async throws -> DetectResult {
        guard case .ready(let toolchain) = try found.state() else {
            return .pass(try EarlyPlan(context, requirements: found.requirements()).buildPlan)
        }
        let planner = ReleasePlanner(
            toolchain: toolchain, folder: context.applicationDirectory, variables: context.platformVariables,
            secretNames: context.secretNames, environment: context.environment, selection: context.selection,
            runner: runner, places: places(context.applicationDirectory, context.cacheDirectory),
            confinement: confinement)
        if let plan = planner.quick() { return .pass(plan.buildPlan) }
        let plan = try await planner.evaluated()
        plan.findings.forEach { context.reporter(.diagnostic($0)) }
        return .pass(plan.buildPlan)
    }

    /// Builds the release: the layers of `ReleaseLayers` for the image, `app` for the next build, process `web`.
    /// - Throws: `Failure` when a command fails; then the layers of the build before stand untouched.
    package func build(_ context: BuildContext) async throws -> BuildResult {
        let planner = ReleasePlanner(
            toolchain: try await ProjectToolchain(context, supply).provideIntact(context.reporter),
            folder: context.applicationDirectory, variables: context.platformVariables,
            secretNames: context.secretNames, environment: context.environment, selection: context.selection,
            runner: runner, places: places(context.applicationDirectory, context.cacheDirectory),
            confinement: confinement)
        let places = inspections?(context.applicationDirectory)
        let build = ReleaseBuild(
            context: worksInPlace ? context.fetchingWithSecrets : context, runner: runner, isInPlace: worksInPlace,
            supply: supply, namedTools: namedTools,
            dependencies: worksInPlace ? nil : dependencies, fetched: worksInPlace ? nil : fetched,
            helpers: places?.helpers, answers: worksInPlace ? nil : places?.shared.map { AnswerStore(folder: $0) })
        guard let quick = planner.quick() else {
            return try await build.run(try await checkedPlan(planner, context))
        }
        let assembling = Task { try await build.assemble(quick) }
        let plan: ReleasePlan
        let assembled: ReleaseBuild.Assembled
        do {
            // What the evaluation says of a broken project is more to the point than what mix says, and comes earlier.
            (plan, assembled) = try await withTaskCancellationHandler {
                (try await checkedPlan(planner, context, isAside: true), try await assembling.value)
            } onCancel: {
                assembling.cancel()
            }
        } catch {
            assembling.cancel()
            (try? await assembling.value)?.folder.remove()
            throw error
        }
        plan.findings.forEach { context.reporter(.diagnostic($0)) }
        return plan.agrees(with: quick) ? try await build.finish(assembled, plan) : try await build.run(plan)
    }

    /// The plan after mix.exs was evaluated, with all that the configuration needs.
    private func checkedPlan(
        _ planner: ReleasePlanner, _ context: BuildContext, isAside: Bool = false
    ) async throws -> ReleasePlan {
        let plan = try await planner.evaluated(isAside: isAside)
        try plan.checkVariables(context.platformVariables)
        return plan
    }

    private func places(_ project: FilePath, _ cache: FilePath) -> InspectionPlaces {
        inspections?(project) ?? InspectionPlaces(answers: cache.appending("inspection"))
    }

    /// The lifecycle asks the user before it lets buildpacks run without a sandbox.
    private var confinement: Confinement { worksInPlace ? .container : .trusted }

    package func explain(_ failure: TrialFailure) -> Diagnostic? { TrialExplanation(failure: failure).diagnostic }

    /// Where a build's Hex keeps the registry.
    /// - Parameter cache: this buildpack's cache folder of a project.
    package static func registryCache(in cache: FilePath) -> FilePath {
        cache.appending("home/.hex").appending(HexRegistryCache.name)
    }

    /// The keys of the compiled dependencies that a project's last build used.
    /// - Parameter cache: this buildpack's cache folder of a project.
    package static func compiledDependencies(in cache: FilePath) -> [String] {
        CompiledDependencies.keys(in: cache).values.sorted()
    }

    /// The entries of the store of fetched packages that a project's last build used.
    /// - Parameter cache: this buildpack's cache folder of a project.
    package static func fetchedPackages(in cache: FilePath) -> [String] { DependencyFetch.entries(in: cache) }

    /// The answers about its configuration that a project's last build used, each that of two folders in each other.
    /// - Parameter cache: this buildpack's cache folder of a project.
    package static func configurationAnswers(in cache: FilePath) -> [String] {
        [ConfigurationReader.sharedName(in: cache)].compactMap(\.self)
    }

    /// The folders of what is compiled once for a toolchain, in the folder of helpers; not all need be there.
    package static func helperNames(for toolchain: Toolchain) -> [String] {
        [
            MixInspector.helperName(for: toolchain), try? RepeatableBeams.helperName(for: toolchain),
            try? HexSetup.helperName(for: toolchain),
        ].compactMap(\.self)
    }

    /// The keys and tokens of the user's Hex and git, of which a fetch gets those that it needs.
    package func machineSecrets(_ environment: [String: String]) -> [String: String] {
        var secrets = HexConfiguration(environment).secrets.merging(GitRewrites(environment).secrets) { $1 }
        secrets[HexAccess.mirrorKeyVariable] = environment[HexAccess.mirrorKeyVariable]
        return secrets
    }

    /// The toolchain; nothing while it is still to be fetched.
    package func commonFolders(_ context: DetectContext) -> [FilePath] {
        guard case .ready(let toolchain) = try? ProjectToolchain(context, supply).state() else { return [] }
        return [toolchain.elixirRoot, toolchain.erlangRoot]
    }

    /// The toolchain, the tools that the build takes from the machine, and what git answers to the last build's questions.
    package func dependencies(_ context: DetectContext) async throws -> [String: String]? {
        let toolchain = ProjectToolchain(context, supply)
        guard var facts = toolchain.facts else { return nil }
        let tools = UserTools(of: context.applicationDirectory, environment: context.environment)
        for name in ["rebar3", "node"] + namedTools {
            if case .found(let tool) = tools.find(name) { facts[name] = tool.program.string }
        }
        facts["rebar3"] = context.environment["MIX_REBAR3"] ?? facts["rebar3"] ?? ""
        let archives = HexSetup.machineArchives(context.environment, toolchain.machine).flatMap(HexSetup.archives)
        facts["hex"] = archives.joined(separator: " ")
        facts["git"] = try await gitAnswers(context)
        return facts
    }

    private func gitAnswers(_ context: DetectContext) async throws -> String {
        guard !worksInPlace else { return "" }
        let program = GitReader.program?.string ?? ""
        let memory = GitMemory(folder: ProjectGitAnswers.folder(context.cacheDirectory))
        let isSandboxed = await runner.sandboxStatus().isAvailable
        let questions = GitQuestions(
            project: context.applicationDirectory, environment: context.environment, cache: context.cacheDirectory,
            runner: runner, isSandboxed: isSandboxed,
            seen: isSandboxed
                ? MixPlaces.workspaceInSandbox(path: context.selection.context?.path ?? "")
                : context.applicationDirectory, context: context.selection.context?.folder)
        let token = try await questions.token(memory.load(), memory)
        return "\(program) \(token)"
    }
}

/// The plan of a project before there is a toolchain: mix.exs is only read, and what it computes stays open.
struct EarlyPlan {
    /// What the lifecycle gets to know of it.
    let buildPlan: BuildPlan

    /// - Throws: `Failure` where what mix.exs says plainly cannot be built.
    init(
        _ context: DetectContext, requirements: (elixir: BuildPlan.Requirement, erlang: BuildPlan.Requirement)
    ) throws {
        var release = BuildPlan.Requirement("mix-release")
        let project = try MixInspector.staticLook(
            context.applicationDirectory, ProjectSurroundings(context.selection, context.environment))
        if project.unknowns.isEmpty {
            let named = BuildSetting.release.value(in: context.platformVariables)
            let chosen = try project.plan(requested: named, toolchain: nil)
            release.metadata["release"] = .string(chosen.name)
        }
        buildPlan = BuildPlan(
            provides: ["mix-release"], requires: [release, requirements.elixir, requirements.erlang])
    }
}

/// Whether a folder holds a mix project at all.
enum MixProjectFile {
    private static let others = [("rebar.config", "a rebar3 project"), ("gleam.toml", "a Gleam project")]

    /// Why the folder holds none; `nil` where it holds one.
    static func absence(in folder: FilePath) -> String? {
        if folder.appending("mix.exs").leadsSomewhere { return nil }
        let other = others.first { folder.appending($0.0).leadsSomewhere }
        return "no mix.exs" + (other.map { ": this is \($0.1)" } ?? "")
    }
}
