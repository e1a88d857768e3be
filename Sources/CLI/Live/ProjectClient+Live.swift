import BuildpackAPI
import Console
import Diagnostics
import ElixirBuildpacks
import ImageTransports
import Lifecycle
import MixInspection
import SystemPackage

extension ProjectClient {
    static func live(_ wiring: Wiring, flags: BuildRequest?) -> ProjectClient {
        let inspections = ProjectInspections(
            wiring: wiring, given: flags?.buildpacks ?? [], variables: flags?.platformVariables ?? [])
        let choices = ChoicesStore(wiring.machine)
        let trust = wiring.trust
        var client = ProjectClient()
        client.inspect = { inspections.inspect($0, context: $1) }
        client.trust = { try trust.trust($0) }
        client.recent = { choices.recentProjects() }
        client.writeFile = { folder, choices, replaces in
            let writer = ProjectFileWriter(wiring: wiring, project: folder)
            guard replaces || !writer.isThere else { return nil }
            try await writer.write(release: choices.release, variables: choices.buildVariables, replaces: replaces)
            return writer.path
        }
        return client
    }
}

/// Looks at a project for the console: read first, then evaluated, handed over as it becomes known.
struct ProjectInspections: Sendable {
    var wiring: Wiring
    /// The buildpacks that flags name.
    var given: [BuildpackChoice] = []
    /// The variables that flags give to builds.
    var variables: [PlatformVariable] = []

    /// What is known of a project, again and again, until all is.
    func inspect(_ project: FilePath, context: FilePath? = nil) -> AsyncStream<ProjectInspection> {
        var inspections = self
        inspections.wiring.contexts.named = context
        return inspections.inspect(project)
    }

    private func inspect(_ project: FilePath) -> AsyncStream<ProjectInspection> {
        AsyncStream { continuation in
            let task = Task {
                await look(at: project) { continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func look(at project: FilePath, tell: (ProjectInspection) -> Void) async {
        async let engine = wiring.engine()
        let survey = await ProjectSurvey.look(at: project, given: given, variables: variables, wiring: wiring) {
            tell(summary(of: $0, project))
        }
        var inspection = summary(of: survey, project)
        switch await engine {
        case .answers(let engine): inspection.engine = engine.description
        case .silent(let silence): inspection.engineAdvice = silence.text
        }
        tell(inspection)
    }

    private func summary(of survey: ProjectSurvey, _ project: FilePath) -> ProjectInspection {
        var inspection = ProjectInspection(survey, of: project)
        inspection.configuredContext = wiring.contexts.configured(for: project)?.folder
        return inspection
    }
}

extension EngineSilence {
    /// What is wrong and what to try, in one line.
    var text: String { failure.message + (failure.advice.map { "; \($0)" } ?? "") }
}

extension ProjectInspection {
    /// A survey as the console shows it.
    fileprivate init(_ survey: ProjectSurvey, of folder: FilePath) {
        self.init(path: folder, stage: Stage(survey.stage))
        suggestedImage = ProposedImageName.text(app: survey.project?.app, folder: folder)
        projectFile = survey.facts?.lines ?? []
        fileRelease = survey.file?.release
        fileDistribution = survey.file?.distribution
        namedBuilder = survey.builder?.description
        leftOut = survey.leftOut
        filePrograms = survey.file?.descriptor?.runPrograms ?? []
        project = survey.project
        versions = survey.versions?.rows ?? []
        let evaluated = survey.project.flatMap { $0.evidence == .evaluated ? $0 : nil }
        buildpacks = PlannedBuildpacks(order: survey.order).list(for: evaluated)
        needsTrust = survey.failure?.code == .untrusted
        problems = survey.problems
    }
}

extension ProjectInspection.Stage {
    fileprivate init(_ stage: ProjectSurvey.Stage) {
        switch stage {
        case .reading: self = .reading
        case .evaluating: self = .evaluating
        case .settled: self = .settled
        }
    }
}

extension ProjectSurvey {
    /// What the user should know, besides what the project itself says.
    fileprivate var problems: [Diagnostic] {
        let ofFile = fileFailure.map {
            Diagnostic(.error, $0.message, file: "project.toml", advice: $0.advice)
        }
        let ofOrder = order.entries.compactMap(\.failure).map { Diagnostic(.error, $0.message, advice: $0.advice) }
        // A build asks before it follows them.
        let ofLinks = outsideLinks.map { Diagnostic(.warning, $0.message, advice: $0.advice) }
        let ofTools = [toolFailure, programFailure].map { $0.map(Diagnostic.init) }
        return [ofFile].compactMap(\.self) + ofOrder + ([ofLinks] + ofTools).compactMap(\.self)
            + (versions?.findings ?? [])
            + [failure.map(Diagnostic.init)].compactMap(\.self)
    }
}

/// The buildpacks of a build in order, and what each would do for a project.
struct PlannedBuildpacks {
    let order: PlannedOrder

    /// The buildpacks; before the project is known whether they fit is open.
    func list(for project: MixProject?) -> [ProjectInspection.PlannedBuildpack] {
        order.entries.map { entry in
            ProjectInspection.PlannedBuildpack(
                id: entry.id, version: entry.version, purpose: entry.source ?? Self.purpose(of: entry.id, project),
                passes: entry.failure != nil ? false : project == nil || entry.source != nil ? nil : true)
        }
    }

    private static func purpose(of id: String, _ project: MixProject?) -> String {
        switch id {
        case BuildpackID.erlangRuntime: return "offers the machine's Erlang to the build"
        case BuildpackID.elixirRuntime: return "offers the machine's Elixir to the build"
        default:
            guard let project else { return "makes the release" }
            let fetch = project.hasFetchedDependencies ? "fetches dependencies, " : ""
            let assets = project.makesAssets ? "deploys assets, " : ""
            return "\(fetch)compiles, \(assets)makes the release"
        }
    }
}
