import BuildpackAPI
import MixInspection

/// Offers Elixir to the build: the machine's, or the version that the project asks for.
///
/// Nothing of it reaches the image but what the release carries.
package struct ElixirRuntimeBuildpack: Buildpack {
    /// Who it is.
    package let descriptor: BuildpackDescriptor
    private let supply: ToolchainSupply?

    /// Creates the buildpack.
    /// - Parameters:
    ///   - version: mixpack's own version.
    ///   - supply: where comes from what a project asks for and the machine lacks; without one, the machine's is used.
    package init(version: String, supply: ToolchainSupply? = nil) {
        self.supply = supply
        descriptor = .own(BuildpackID.elixirRuntime, "Elixir runtime", version: version)
    }

    /// Passes for a mix project, with the version that will be used.
    /// - Throws: `Failure` when there is no Erlang or Elixir, or the versions asked for contradict each other.
    package func detect(_ context: DetectContext) async throws -> DetectResult {
        if let reason = MixProjectFile.absence(in: context.applicationDirectory) { return .fail(reason: reason) }
        let (elixir, erlang) = try ProjectToolchain(context, supply).requirements()
        return .pass(BuildPlan(provides: ["elixir"], requires: [elixir, erlang]))
    }

    /// Makes the build-only layer `elixir`; installs first what is lacking.
    package func build(_ context: BuildContext) async throws -> BuildResult {
        let toolchain = try await ProjectToolchain(context, supply).provide(context.reporter)
        let layer = ToolchainLayer(
            name: "elixir", version: toolchain.elixirVersion, root: toolchain.elixirRoot,
            programs: ["elixir", "elixirc", "iex", "mix"])
        return BuildResult(layers: [try layer.contribute(to: context.layersDirectory)])
    }

    /// The toolchain.
    package func dependencies(_ context: DetectContext) -> [String: String]? {
        ProjectToolchain(context, supply).facts
    }
}
