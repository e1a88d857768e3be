import BuildpackAPI
import Diagnostics
import ElixirBuildpacks
import Lifecycle
import MixInspection
import OCIImage
import SystemPackage
import Toolchains

/// One look at a project: project.toml, mix.exs as it reads, the versions, mix.exs evaluated, and what is in the way.
///
/// `mixpack detect` prints it, the console shows it as it grows.
struct ProjectSurvey {
    /// How far the look is.
    enum Stage {
        /// mix.exs was only read.
        case reading
        /// mix.exs is being evaluated.
        case evaluating
        case settled
    }

    private(set) var stage = Stage.reading
    /// project.toml; `nil` where it cannot be read.
    private(set) var file: ProjectFile?
    /// What is wrong with project.toml.
    private(set) var fileFailure: Failure?
    /// The builder that is used; `nil` is mixpack's own buildpacks.
    private(set) var builder: ImagePlace?
    /// The buildpacks in order.
    private(set) var order: PlannedOrder
    /// The project; `nil` where there is none.
    private(set) var project: MixProject?
    /// The versions that the project asks for.
    private(set) var requests: [RequestedVersion] = []
    /// These beside what is installed; `nil` where they contradict each other.
    private(set) var versions: ProjectVersions?
    /// Why no build can be planned, whatever the release.
    private(set) var failure: Failure?
    /// The folders that are left out of the copy although project.toml could take them, relative to the project.
    private(set) var leftOut: [String] = []
    /// Links that lead out of the project.
    private(set) var outsideLinks: Failure?
    /// Why a program that project.toml asks for cannot be used.
    private(set) var toolFailure: Failure?
    /// Why a program that project.toml puts into the image cannot be had.
    private(set) var programFailure: Failure?
    /// What project.toml says, for people and programs.
    private(set) var facts: ProjectFileFacts?

    /// Looks at a project: read first, then evaluated where there is a toolchain.
    /// - Parameters:
    ///   - given: the buildpacks that flags name.
    ///   - builder: the builder that a flag names.
    ///   - variables: the variables that flags give to builds.
    ///   - step: called with what is known, before each step that may take long.
    static func look(
        at folder: FilePath, given: [BuildpackChoice] = [], builder: String? = nil, variables: [PlatformVariable] = [],
        wiring: Wiring,
        step: (ProjectSurvey) -> Void = { _ in }
    ) async -> ProjectSurvey {
        var survey = ProjectSurvey(folder, given, builder, wiring)
        do {
            try await survey.inspect(folder, variables, wiring, step)
        } catch {
            survey.failure = Failure(error, or: .cannotPlan)
        }
        survey.stage = .settled
        return survey
    }

    private init(_ folder: FilePath, _ given: [BuildpackChoice], _ builder: String?, _ wiring: Wiring) {
        do {
            file = try ProjectFile(of: folder, at: wiring.descriptor)
        } catch {
            fileFailure = Failure(error, or: .usage)
        }
        let asked = file?.tools(of: folder, wiring: wiring)
        facts = file?.facts(asked)
        do { try asked?.check() } catch { toolFailure = error }
        do {
            self.builder = try file?.builder(builder, wiring.machine)
            order = PlannedOrder(file?.descriptor, given: given, builder: self.builder, wiring: wiring)
        } catch {
            fileFailure = fileFailure ?? Failure(error, or: .usage)
            order = PlannedOrder(file?.descriptor, given: given, wiring: wiring)
        }
    }

    private mutating func inspect(
        _ folder: FilePath, _ variables: [PlatformVariable], _ wiring: Wiring, _ step: (ProjectSurvey) -> Void
    ) async throws {
        // Whether the sandbox works is found out meanwhile.
        async let _ = wiring.runner.sandboxStatus()
        let context = try wiring.contexts.context(of: folder)
        project = try MixInspector.staticLook(
            folder, ProjectSurroundings(context: context?.folder, home: wiring.contexts.home))
        step(self)
        // Hex's cache may be large: the first facts do not wait for it.
        let retired = wiring.registry(of: folder).findings(lock: folder.appending("mix.lock"))
        project?.findings += retired
        leftOut =
            (try? file?.selection(opened: wiring.openedPaths, context: context))?.leftOut(of: folder) ?? []
        do {
            try file?.checkLinks(of: folder, opened: wiring.openedPaths, context: context)
        } catch let outside as Failure where outside.code == .outsideLinks {
            outsideLinks = outside
        }
        let found = wiring.toolchain(of: folder)
        requests = found.requests.all
        do {
            try await evaluate(folder, found, variables, wiring, step)
            if stage == .evaluating { project?.findings += retired }
        } catch let problem as Failure where problem.code == .versionConflict {
            throw found.advised(problem)
        }
    }

    /// Finds out what the programs bring that project.toml puts into the image.
    private mutating func findPrograms(_ toolchain: Toolchain, _ wiring: Wiring) {
        guard let names = file?.descriptor?.runPrograms, !names.isEmpty else { return }
        do {
            facts?.runPrograms = try RunImageSource(wiring: wiring).programs(names, toolchain).map(\.text)
        } catch {
            programFailure = Failure(error, or: .usage)
        }
    }

    private mutating func evaluate(
        _ folder: FilePath, _ found: ProjectToolchain, _ variables: [PlatformVariable], _ wiring: Wiring,
        _ step: (ProjectSurvey) -> Void
    ) async throws {
        let versions = try ProjectVersions(found)
        self.versions = versions
        guard let toolchain = versions.toolchain else { return }
        findPrograms(toolchain, wiring)
        stage = .evaluating
        step(self)
        try await found.check(toolchain)
        let look = try await wiring.inspector(toolchain, for: folder, variables: variables).look(at: folder)
        project = look.project
        if let failure = look.failure { throw found.explained(failure, evaluatedWith: toolchain) }
        // What is yet to be fetched will fit.
        if versions.need == nil { try toolchain.check(look.project) }
    }
}
