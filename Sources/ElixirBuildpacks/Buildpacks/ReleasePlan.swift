import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage

/// What is to be built: the project, its release, and the toolchain that builds it.
struct ReleasePlan {
    let toolchain: Toolchain
    let project: MixProject
    let chosen: ChosenRelease

    /// Settles the release of a project.
    /// - Parameter requested: the release that the user named.
    /// - Throws: `Failure` when it cannot be planned.
    init(_ project: MixProject, toolchain: Toolchain, requested: String?) throws(Failure) {
        if let root = project.umbrellaRoot, project.kind == .umbrellaChild { throw Self.isChild(project, of: root) }
        self.toolchain = toolchain
        self.project = project
        chosen = try project.plan(requested: requested, toolchain: toolchain)
    }

    /// Whether another plan leads to the same commands.
    func agrees(with other: ReleasePlan) -> Bool {
        chosen.mixArguments == other.chosen.mixArguments && chosen.name == other.chosen.name
            && project.hasFetchedDependencies == other.project.hasFetchedDependencies
            && project.assetsDeploy == other.project.assetsDeploy
    }

    private static func isChild(_ project: MixProject, of root: String) -> Failure {
        Failure(
            .cannotPlan, "\(project.app ?? "this folder") is a child of the umbrella at \(root)", at: Place("mix.exs"),
            advice: "build the umbrella: mixpack build IMAGE --path \(root)")
    }

    /// What the user should know, as diagnostics; errors have stopped the plan already.
    var findings: [Diagnostic] {
        project.findings.filter { $0 != .silentServer || usesPhoenix }.map { finding in
            let severity: Diagnostic.Severity =
                switch finding.severity {
                case .note: .note
                case .warning: .warning
                case .error: .error
                }
            return Diagnostic(severity, finding.text, file: finding.file, line: finding.line, advice: finding.advice)
        }
    }

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
