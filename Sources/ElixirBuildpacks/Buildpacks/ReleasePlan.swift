import BuildpackAPI
import Commands
import MixInspection
import SystemPackage

/// What is to be built: the project, its release, and the toolchain that builds it.
struct ReleasePlan {
    /// How a project is looked at.
    typealias Inspection = @Sendable (MixInspector, FilePath) async throws -> MixProject

    let toolchain: Toolchain
    let project: MixProject
    let chosen: ChosenRelease

    /// Looks at the project.
    /// - Parameter variables: the user's; `RELEASE` chooses.
    /// - Throws: `BuildpackError` when it cannot be planned, `CancellationError`.
    init(
        project folder: FilePath, variables: [String: String], environment: [String: String], cache: FilePath,
        runner: any CommandRunner, inspect: Inspection
    ) async throws {
        do {
            toolchain = try Toolchain.discover(environment: environment)
            let inspector = MixInspector(
                toolchain: toolchain, runner: runner, cacheDirectory: cache.appending("inspection"),
                environment: environment.merging(variables) { $1 })
            project = try await inspect(inspector, folder)
            if let root = project.umbrellaRoot, project.kind == .umbrellaChild { throw Self.isChild(project, of: root) }
            let requested = variables["RELEASE"].flatMap { $0.isEmpty ? nil : $0 }
            chosen = try project.plan(requested: requested, toolchain: toolchain)
        } catch let error as MixError {
            throw BuildpackError(error)
        } catch let error as CommandError {
            throw BuildpackError(.cannotPlan, error.description)
        }
    }

    private static func isChild(_ project: MixProject, of root: String) -> MixError {
        MixError(
            .cannotPlan, "\(project.app ?? "this folder") is a child of the umbrella at \(root)", file: "mix.exs",
            advice: "build the umbrella: mixpack build IMAGE --path \(root)")
    }

    /// What the user should know, as diagnostics; errors have stopped the plan already.
    var findings: [Diagnostic] {
        project.findings.map { finding in
            let severity: Diagnostic.Severity =
                switch finding.severity {
                case .note: .note
                case .warning: .warning
                case .error: .error
                }
            return Diagnostic(severity, finding.text, file: finding.file, line: finding.line, advice: finding.advice)
        }
    }

    /// The variables that the chosen release reads.
    var variables: [ProjectVariable] { project.variables(of: chosen.release) }

    /// The names of everything that is a dependency of the project and no part of it.
    var dependencyNames: Set<String> {
        Set(project.lockedDependencies).union(project.dependencies.filter { $0.source != .umbrella }.map(\.name))
    }

    /// Whether a git dependency comes by ssh.
    var usesSecureShell: Bool {
        project.dependencies.contains { dependency in
            guard dependency.source == .git, let url = dependency.location else { return false }
            return url.hasPrefix("ssh:") || url.hasPrefix("git@") || (url.contains("@") && !url.contains("://"))
        }
    }
}
