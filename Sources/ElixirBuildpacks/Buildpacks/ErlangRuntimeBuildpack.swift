public import BuildpackAPI
import MixInspection

/// Offers the machine's Erlang/OTP to the build; nothing of it reaches the image but what the release carries.
public struct ErlangRuntimeBuildpack: Buildpack {
    /// Who it is.
    public let descriptor: BuildpackDescriptor

    /// Creates the buildpack.
    /// - Parameter version: mixpack's own version.
    public init(version: String) { descriptor = .own(BuildpackID.erlangRuntime, "Erlang runtime", version: version) }

    /// Passes for a mix project, with the installed version.
    /// - Throws: `BuildpackError` when Erlang or Elixir is not installed.
    public func detect(_ context: DetectContext) async throws -> DetectResult {
        if let reason = MixProjectFile.absence(in: context.applicationDirectory) { return .fail(reason: reason) }
        let toolchain = try Toolchain.installed(context.environment)
        let erlang = BuildPlan.Requirement("erlang", metadata: ["version": .string(toolchain.otpVersion)])
        return .pass(BuildPlan(provides: ["erlang"], requires: [erlang]))
    }

    /// Makes the build-only layer `erlang`.
    public func build(_ context: BuildContext) async throws -> BuildResult {
        let toolchain = try Toolchain.installed(context.environment)
        let layer = ToolchainLayer(
            name: "erlang", version: toolchain.otpVersion, root: toolchain.erlangRoot,
            programs: ["erl", "erlc", "escript", "epmd", "run_erl", "to_erl", "dialyzer", "typer", "ct_run"])
        return BuildResult(layers: [try layer.contribute(to: context.layersDirectory)])
    }

    /// The toolchain.
    public func dependencies(_ context: DetectContext) -> [String: String]? {
        try? Toolchain.installed(context.environment).facts
    }
}
