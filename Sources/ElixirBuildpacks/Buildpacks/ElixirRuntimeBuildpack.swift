public import BuildpackAPI
import MixInspection

/// Offers the machine's Elixir to the build; nothing of it reaches the image but what the release carries.
public struct ElixirRuntimeBuildpack: Buildpack {
    /// Who it is.
    public let descriptor: BuildpackDescriptor

    /// Creates the buildpack.
    /// - Parameter version: mixpack's own version.
    public init(version: String) { descriptor = .own(BuildpackID.elixirRuntime, "Elixir runtime", version: version) }

    /// Passes for a mix project, with the installed version.
    /// - Throws: `BuildpackError` when Erlang or Elixir is not installed.
    public func detect(_ context: DetectContext) async throws -> DetectResult {
        if let reason = MixProjectFile.absence(in: context.applicationDirectory) { return .fail(reason: reason) }
        let toolchain = try Toolchain.installed(context.environment)
        let elixir = BuildPlan.Requirement("elixir", metadata: ["version": .string(toolchain.elixirVersion)])
        let erlang = BuildPlan.Requirement("erlang", metadata: ["version": .string(toolchain.otpVersion)])
        return .pass(BuildPlan(provides: ["elixir"], requires: [elixir, erlang]))
    }

    /// Makes the build-only layer `elixir`.
    public func build(_ context: BuildContext) async throws -> BuildResult {
        let toolchain = try Toolchain.installed(context.environment)
        let layer = ToolchainLayer(
            name: "elixir", version: toolchain.elixirVersion, root: toolchain.elixirRoot,
            programs: ["elixir", "elixirc", "iex", "mix"])
        return BuildResult(layers: [try layer.contribute(to: context.layersDirectory)])
    }

    /// The toolchain.
    public func dependencies(_ context: DetectContext) -> [String: String]? {
        try? Toolchain.installed(context.environment).facts
    }
}
