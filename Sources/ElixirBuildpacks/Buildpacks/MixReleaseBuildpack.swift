public import BuildpackAPI
public import Commands
import MixInspection
import SystemPackage

/// Makes a release of a mix project, in a copy of it, and splits it into launch layers.
public struct MixReleaseBuildpack: Buildpack {
    /// Who it is.
    public let descriptor: BuildpackDescriptor
    private let runner: any CommandRunner
    private let inspect: ReleasePlan.Inspection

    /// Creates the buildpack.
    /// - Parameters:
    ///   - version: mixpack's own version.
    ///   - runner: what starts mix.
    public init(version: String, runner: any CommandRunner) {
        self.init(version: version, runner: runner) { try await $0.inspect($1) }
    }

    /// Creates the buildpack with another way to look at projects.
    init(version: String, runner: any CommandRunner, inspect: @escaping ReleasePlan.Inspection) {
        descriptor = .own(BuildpackID.mixRelease, "Mix release", version: version)
        self.runner = runner
        self.inspect = inspect
    }

    /// Passes for a mix project whose release is settled; tells what the user should know of it.
    /// - Throws: `BuildpackError` when the project cannot be planned.
    public func detect(_ context: DetectContext) async throws -> DetectResult {
        if let reason = MixProjectFile.absence(in: context.applicationDirectory) { return .fail(reason: reason) }
        let plan = try await ReleasePlan(
            project: context.applicationDirectory, variables: context.platformVariables,
            environment: context.environment, cache: context.cacheDirectory, runner: runner,
            inspect: inspect)
        plan.findings.forEach { context.reporter(.diagnostic($0)) }
        let toolchain = plan.toolchain
        return .pass(
            BuildPlan(
                provides: ["mix-release"],
                requires: [
                    BuildPlan.Requirement("mix-release", metadata: ["release": .string(plan.chosen.name)]),
                    BuildPlan.Requirement("elixir", metadata: ["version": .string(toolchain.elixirVersion)]),
                    BuildPlan.Requirement("erlang", metadata: ["version": .string(toolchain.otpVersion)]),
                ]))
    }

    /// Builds the release: layers `base`, `deps`, `release` for the image, `app` for the next build, process `web`.
    /// - Throws: `BuildpackError` when a command fails; then the layers of the build before stand untouched.
    public func build(_ context: BuildContext) async throws -> BuildResult {
        let plan = try await ReleasePlan(
            project: context.applicationDirectory, variables: context.platformVariables,
            environment: context.environment, cache: context.cacheDirectory, runner: runner,
            inspect: inspect)
        let build = ReleaseBuild(plan: plan, context: context, runner: runner)
        return try await build.run()
    }

    /// The toolchain, and the tools that the build takes from the machine.
    public func dependencies(_ context: DetectContext) -> [String: String]? {
        guard var facts = try? Toolchain.installed(context.environment).facts else { return nil }
        let rebar = ProgramLookup(searchPath: context.environment["PATH"]).find("rebar3")
        facts["rebar3"] = context.environment["MIX_REBAR3"] ?? rebar?.string ?? ""
        let archives = HexSetup.machineArchives(context.environment).flatMap(HexSetup.archives)
        facts["hex"] = archives.joined(separator: " ")
        return facts
    }
}
