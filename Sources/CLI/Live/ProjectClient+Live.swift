import BuildpackAPI
import Console
import Diagnostics
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
        client.inspect = { inspections.inspect($0) }
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
    let wiring: Wiring
    /// The buildpacks that flags name.
    var given: [BuildpackChoice] = []
    /// The variables that flags give to builds.
    var variables: [PlatformVariable] = []

    /// What is known of a project, again and again, until all is.
    func inspect(_ project: FilePath) -> AsyncStream<ProjectInspection> {
        AsyncStream { continuation in
            let task = Task {
                await look(at: project) { continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func look(at project: FilePath, tell: (ProjectInspection) -> Void) async {
        var inspection = ProjectInspection(path: project, stage: .reading)
        inspection.suggestedImage = Self.imageName(project)
        let file = read(project, &inspection)
        let order = PlannedOrder(file?.descriptor, given: given, wiring: wiring)
        inspection.problems += order.entries.compactMap(\.failure).map {
            Diagnostic(.error, $0.message, advice: $0.advice)
        }
        let buildpacks = PlannedBuildpacks(order: order)
        inspection.buildpacks = buildpacks.list(for: nil)
        // Whether the sandbox works is found out meanwhile.
        async let _ = wiring.runner.sandboxStatus()
        do {
            inspection.project = try MixInspector.staticLook(project)
            tell(inspection)
            inspection.problems += links(of: project, file)
            let versions = try ProjectVersions(wiring.toolchain(of: project))
            inspection.versions = versions.rows
            inspection.problems += versions.findings
            guard let toolchain = versions.toolchain else {
                inspection.stage = .settled
                return tell(inspection)
            }
            inspection.stage = .evaluating
            tell(inspection)
            async let engine = wiring.engine()
            let evaluated = try await wiring.inspector(toolchain, for: project, variables: variables)
                .inspect(project)
            inspection.project = evaluated
            inspection.buildpacks = buildpacks.list(for: evaluated)
            inspection.engine = await engine?.description
            if inspection.engine == nil { inspection.engineAdvice = "install one: sudo apt-get install podman" }
            if versions.need == nil { try toolchain.check(evaluated) }
        } catch {
            let failure = Failure(error, or: .cannotPlan)
            inspection.needsTrust = failure.code == .untrusted
            inspection.problems.append(Diagnostic(failure))
        }
        inspection.stage = .settled
        tell(inspection)
    }

    /// Reads project.toml; what is wrong with it is a problem of the project.
    private func read(_ project: FilePath, _ inspection: inout ProjectInspection) -> ProjectFile? {
        do {
            let file = try ProjectFile(of: project)
            inspection.projectFile = file.facts?.lines ?? []
            inspection.fileRelease = file.release
            inspection.fileDistribution = file.distribution
            return file
        } catch {
            let failure = Failure(error, or: .usage)
            inspection.problems.append(
                Diagnostic(.error, failure.message, file: "project.toml", advice: failure.advice))
        }
        return nil
    }

    /// Links that lead out of the project: a build asks before it follows them.
    private func links(of project: FilePath, _ file: ProjectFile?) -> [Diagnostic] {
        do {
            try file?.checkLinks(of: project, opened: wiring.openedPaths)
            return []
        } catch let outside as Failure where outside.code == .outsideLinks {
            return [Diagnostic(.warning, outside.message, advice: outside.advice)]
        } catch {
            return []
        }
    }

    /// The folder's name as an image's.
    static func imageName(_ project: FilePath) -> String {
        let name = project.lastComponent?.string.lowercased() ?? "my-image"
        let cleaned = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let trimmed = cleaned.split(separator: "-").joined(separator: "-")
        return trimmed.isEmpty ? "my-image" : trimmed
    }
}
