import BuildpackAPI
import Commands
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Toolchains

/// What is to be built: the project, its release, and the toolchain that builds it.
struct ReleasePlan {
    let toolchain: Toolchain
    let project: MixProject
    let chosen: ChosenRelease

    /// Settles the release of the project in a folder.
    /// - Parameter requested: the release that the user named.
    /// - Throws: `Failure` when it cannot be planned.
    init(_ project: MixProject, in folder: FilePath, toolchain: Toolchain, requested: String?) throws(Failure) {
        if let root = project.umbrellaRoot, project.kind == .umbrellaChild {
            throw Self.isChild(project, of: folder.pushing(FilePath(root)).lexicallyNormalized())
        }
        self.toolchain = toolchain
        self.project = project
        chosen = try project.plan(requested: requested, toolchain: toolchain)
    }

    /// Whether another plan leads to the same commands.
    func agrees(with other: ReleasePlan) -> Bool {
        chosen.mixArguments == other.chosen.mixArguments && chosen.name == other.chosen.name
            && project.hasFetchedDependencies == other.project.hasFetchedDependencies
            && project.needsHex == other.project.needsHex && project.mayNeedHex == other.project.mayNeedHex
            && project.assetsDeploy == other.project.assetsDeploy && project.assetSteps == other.project.assetSteps
    }

    private static func isChild(_ project: MixProject, of root: FilePath) -> Failure {
        Failure(
            .cannotPlan, "\(project.app ?? "this folder") is a child of the umbrella at \(root)", at: Place("mix.exs"),
            advice: "build the umbrella: --path \(root)\nor the child alone, with a copy of the umbrella: --child")
    }

    /// What the user should know; errors have stopped the plan already.
    var findings: [Diagnostic] { project.findings.filter { $0 != .silentServer || usesPhoenix } }

    /// Whether the chosen release has an application in it that uses Phoenix.
    var usesPhoenix: Bool {
        project.kind == .umbrella
            ? project.children(of: chosen.release).contains(where: \.usesPhoenix) : project.usesPhoenix
    }

    /// The build plan: what the original buildpacks provide and require.
    var buildPlan: BuildPlan {
        BuildPlan(
            provides: ["mix-release"],
            requires: [
                BuildPlan.Requirement("mix-release", metadata: ["release": .string(chosen.name)]),
                BuildPlan.Requirement("elixir", metadata: ["version": .string(toolchain.elixirVersion)]),
                BuildPlan.Requirement("erlang", metadata: ["version": .string(toolchain.otpVersion)]),
            ])
    }

    var variables: [ProjectVariable] { project.variables(of: chosen.release) }

    /// Refuses a build that lacks a variable without which the configuration cannot be read.
    /// - Throws: `Failure` that names the variable and where it is read.
    func checkVariables(_ given: [String: String]) throws(Failure) {
        let missing = variables.first { variable in
            variable.phase == .build && variable.need == .required
                && variable.file.hasSuffix(".exs") && given[variable.name] == nil
        }
        guard let missing else { return }
        throw Failure(
            .cannotPlan, "\(missing.name) is read when the project is built, and you did not give it",
            at: Place(missing.file, line: missing.line), advice: MixAdvice.giving(missing.name))
    }

    /// Whether a git dependency comes by ssh, where the user's rewriting leads.
    func usesSecureShell(_ rewrites: GitRewrites) -> Bool {
        project.gitLocations.contains { GitAccess.isSecureShell(rewrites.target(of: $0)) }
    }
}

extension MixProject {
    /// The URLs of its dependencies from git.
    var gitLocations: [String] { dependencies.filter { $0.source == .git }.compactMap(\.location) }
}

/// Makes plans for a project: from a look at mix.exs where that says all, or from its evaluation.
struct ReleasePlanner: Sendable {
    let toolchain: Toolchain
    let folder: FilePath
    let variables: [String: String]
    let secretNames: Set<String>
    let environment: [String: String]
    let selection: SourceSelection
    let runner: any CommandRunner
    let places: InspectionPlaces
    let confinement: Confinement

    private var requested: String? { BuildSetting.release.value(in: variables) }

    /// The plan that mix.exs gives when it is only read; `nil` where its evaluation could lead to other commands.
    ///
    /// A VM that evaluates takes as long as half a small build. With this plan it runs beside the compilation.
    func quick() -> ReleasePlan? {
        guard
            variables.keys.allSatisfy({ BuildSetting(rawValue: $0) != nil }),
            let project = try? MixInspector.staticLook(folder, ProjectSurroundings(selection, environment)),
            project.unknowns.isEmpty,
            !project.hasFetchedDependencies, !project.makesAssets
        else { return nil }
        return try? ReleasePlan(project, in: folder, toolchain: toolchain, requested: requested)
    }

    /// The plan after mix.exs was evaluated; the evaluation is kept for as long as what it rests on stays.
    /// - Parameter isAside: whether it leaves the processors to a build beside it.
    /// - Throws: `Failure` when the project cannot be planned, `CancellationError`.
    func evaluated(isAside: Bool = false) async throws -> ReleasePlan {
        var inspector = MixInspector(
            toolchain: toolchain, runner: runner, cacheDirectory: places.answers, helperDirectory: places.helpers,
            sharedDirectory: places.shared,
            environment: environment, variables: variables.filter { !secretNames.contains($0.key) },
            secrets: variables.filter { secretNames.contains($0.key) }, confinement: confinement,
            openedPaths: selection.openedPaths, context: selection.context?.folder)
        inspector.givesWay = isAside
        return try ReleasePlan(
            try await inspector.inspect(folder), in: folder, toolchain: toolchain, requested: requested)
    }
}

extension ProjectSurroundings {
    /// What a build copies around a project, and the home folder of an environment.
    init(_ selection: SourceSelection, _ environment: [String: String]) {
        self.init(context: selection.context?.folder, home: environment["HOME"].map { FilePath($0) })
    }
}
