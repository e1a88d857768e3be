import BuildpackAPI
import Diagnostics
import Files
import Lifecycle
import MixInspection
import SystemPackage
import Toolchains

/// What `mixpack detect` found out; its JSON form is for programs.
struct Detection: Encodable {
    /// The project's folder.
    var path: String
    /// The installed Erlang and Elixir; `nil` where there is none.
    var toolchain: Toolchain?
    /// The versions that the project asks for, in the order in which they count.
    var versions: [RequestedVersion] = []
    /// What a build fetches first, because it is not installed.
    var toBeFetched: String?
    /// The same, a wish for each tool, and the server that has it.
    var need: ToolchainNeed?
    var buildsServer = ""
    var isOffline = false
    /// What is installed of each tool, for people.
    var installed: [RequestedVersion.Tool: String] = [:]
    /// The project; `nil` where there is none.
    var project: MixProject?
    /// The release that would be built.
    var release: String?
    /// The buildpacks, in order.
    var buildpacks: [String]
    /// The same with what each would do.
    var order: [Step] = []
    /// The buildpacks that take part and what they provide and require; `nil` where their detect was not run.
    var plan: ResolvedPlan?
    /// What project.toml says; `nil` where there is none.
    var projectFile: ProjectFileFacts?
    /// The folders that are left out of the copy, unless project.toml takes them.
    var leftOut: [String] = []
    /// The container engine that gets the image; `nil` where it was not looked for.
    var engine: Engine?
    /// What stands in the way of a build.
    var error: Failure?

    /// The exit code of `mixpack detect`, where it is not 0.
    var exitCode: Int32? { error.map { ExitCode.code(for: $0) } }

    /// A buildpack of the order.
    struct Step: Encodable {
        var id: String
        /// Its version; empty where it is not known yet.
        var version: String
        /// What it would do, or where it comes from.
        var purpose: String
    }

    /// A container engine, or why there is none.
    struct Engine: Encodable {
        /// Its name and version.
        var name: String?
        /// The words that commands for it begin with.
        var command: [String]?
        /// Why none answers, and what to try.
        var problem: Failure?

        init(_ answer: EngineAnswer) {
            switch answer {
            case .answers(let engine):
                name = engine.description
                command = engine.command
            case .silent(let silence): problem = silence.failure
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case path, toolchain, versions, toBeFetched, project, release, buildpacks, order, plan, projectFile, leftOut,
            engine,
            error
    }

    /// Looks at a project, and plans the build of a release.
    static func make(
        _ project: FilePath, release: String?, given: [BuildpackChoice] = [], builder: String? = nil,
        variables: [PlatformVariable] = [], wiring: Wiring
    ) async -> Detection {
        let survey = await ProjectSurvey.look(
            at: project, given: given, builder: builder, variables: variables, wiring: wiring)
        var detection = Detection(survey, path: project.string)
        do {
            if let failure = survey.fileFailure ?? survey.failure { throw failure }
            detection.release = try detection.project?.plan(
                requested: release ?? survey.file?.release, toolchain: nil
            ).release.name
            if let outside = survey.outsideLinks ?? survey.toolFailure ?? survey.programFailure { throw outside }
        } catch {
            detection.setError(Failure(error, or: .cannotPlan), survey.order)
        }
        if detection.error == nil, let failure = survey.order.entries.compactMap(\.failure).first {
            detection.error = Failure(.cannotPlan, failure.message, advice: failure.advice)
        }
        return detection
    }

    private init(_ survey: ProjectSurvey, path: String) {
        self.path = path
        toolchain = survey.versions?.toolchain
        versions = survey.requests
        toBeFetched = survey.versions?.need?.text
        need = survey.versions?.need
        buildsServer = survey.versions?.server ?? ""
        isOffline = survey.versions?.isOffline ?? false
        installed = survey.versions?.installed ?? [:]
        project = survey.project
        project?.findings += survey.versions?.findings ?? []
        buildpacks = survey.order.entries.map(\.id)
        order = PlannedBuildpacks(order: survey.order).list(for: project).map {
            Step(id: $0.id, version: $0.version, purpose: $0.purpose)
        }
        projectFile = survey.facts
        leftOut = survey.leftOut
    }

    /// Keeps what is in the way; a project of other buildpacks alone need not be a mix project.
    private mutating func setError(_ failure: Failure, _ order: PlannedOrder) {
        if failure.code == .notMixProject, order.entries.allSatisfy({ $0.source != nil }) { return }
        let isPlanned = ExitCode.code(for: failure) != ExitCode.ruleBroken
        error = isPlanned ? failure : failure.coded(.cannotPlan)
    }
}
