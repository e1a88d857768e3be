public import BuildpackAPI
public import Commands
import MixInspection
public import SystemPackage

/// Makes a release of a mix project, in a copy of it, and splits it into launch layers.
public struct MixReleaseBuildpack: Buildpack {
    /// Who it is.
    public let descriptor: BuildpackDescriptor
    private let runner: any CommandRunner
    private let helpers: FilePath?

    /// Creates the buildpack.
    /// - Parameters:
    ///   - version: mixpack's own version.
    ///   - runner: what starts mix.
    ///   - helpers: a folder that keeps what fits every project (the compiled helper of the inspection); by default each
    ///     project's cache has its own.
    public init(version: String, runner: any CommandRunner, helpers: FilePath? = nil) {
        descriptor = .own(BuildpackID.mixRelease, "Mix release", version: version)
        self.runner = runner
        self.helpers = helpers
    }

    /// Passes for a mix project whose release is settled; tells what the user should know of it.
    ///
    /// Where mix.exs can be understood without running it, it is evaluated beside the build only.
    /// - Throws: `BuildpackError` when the project cannot be planned.
    public func detect(_ context: DetectContext) async throws -> DetectResult {
        if let reason = MixProjectFile.absence(in: context.applicationDirectory) { return .fail(reason: reason) }
        let planner = planner(
            context.applicationDirectory, context.platformVariables, context.environment, context.cacheDirectory)
        if let plan = planner.quick() { return .pass(plan.buildPlan) }
        let plan = try await planner.evaluated()
        plan.findings.forEach { context.reporter(.diagnostic($0)) }
        return .pass(plan.buildPlan)
    }

    /// Builds the release: layers `base`, `deps`, `release` for the image, `app` for the next build, process `web`.
    /// - Throws: `BuildpackError` when a command fails; then the layers of the build before stand untouched.
    public func build(_ context: BuildContext) async throws -> BuildResult {
        let planner = planner(
            context.applicationDirectory, context.platformVariables, context.environment, context.cacheDirectory)
        let build = ReleaseBuild(context: context, runner: runner)
        guard let quick = planner.quick() else { return try await build.run(planner.evaluated()) }
        async let evaluated = planner.evaluated()
        let assembled: ReleaseBuild.Assembled
        do {
            assembled = try await build.assemble(quick)
        } catch {
            // What the evaluation says of a broken mix.exs is more to the point than what mix says.
            _ = try await evaluated
            throw error
        }
        let plan: ReleasePlan
        do {
            plan = try await evaluated
        } catch {
            assembled.discard()
            throw error
        }
        plan.findings.forEach { context.reporter(.diagnostic($0)) }
        return plan.agrees(with: quick) ? try build.finish(assembled, plan) : try await build.run(plan)
    }

    private func planner(
        _ folder: FilePath, _ variables: [String: String], _ environment: [String: String], _ cache: FilePath
    ) -> ReleasePlanner {
        ReleasePlanner(
            folder: folder, variables: variables, environment: environment, cache: cache, runner: runner,
            helpers: helpers)
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
