import BuildpackAPI
import MixInspection

/// Offers Erlang/OTP to the build: the machine's, or the version that the project asks for.
///
/// Nothing of it reaches the image but what the release carries.
package struct ErlangRuntimeBuildpack: Buildpack {
    /// Who it is.
    package let descriptor: BuildpackDescriptor
    private let supply: ToolchainSupply?

    /// Creates the buildpack.
    /// - Parameters:
    ///   - version: mixpack's own version.
    ///   - supply: where comes from what a project asks for and the machine lacks; without one, the machine's is used.
    package init(version: String, supply: ToolchainSupply? = nil) {
        self.supply = supply
        descriptor = .own(BuildpackID.erlangRuntime, "Erlang runtime", version: version)
    }

    /// Passes for a mix project, with the version that will be used.
    /// - Throws: `Failure` when there is no Erlang or Elixir, or the versions asked for contradict each other.
    package func detect(_ context: DetectContext) async throws -> DetectResult {
        if let reason = MixProjectFile.absence(in: context.applicationDirectory) { return .fail(reason: reason) }
        let erlang = try ProjectToolchain(context, supply).requirements().erlang
        return .pass(BuildPlan(provides: ["erlang"], requires: [erlang]))
    }

    /// Makes the build-only layer `erlang`; installs first what is lacking.
    package func build(_ context: BuildContext) async throws -> BuildResult {
        let toolchain = try await ProjectToolchain(context, supply).provide(context.reporter)
        let layer = ToolchainLayer(
            name: "erlang", version: toolchain.otpVersion, root: toolchain.erlangRoot,
            programs: ["erl", "erlc", "escript", "epmd", "run_erl", "to_erl", "dialyzer", "typer", "ct_run"])
        let own = try layer.contribute(to: context.layersDirectory)
        return BuildResult(layers: [own] + storeLayer(of: context, keeping: toolchain))
    }

    /// The cached layer of what was installed, where the supply keeps it among the layers.
    private func storeLayer(of context: BuildContext, keeping toolchain: Toolchain) -> [LayerContribution] {
        let folder = context.layersDirectory.appending(ToolchainSupply.layerName)
        guard let supply, supply.root == folder, folder.isFolder else { return [] }
        ToolchainStore(root: folder).remove(except: toolchain)
        return [
            LayerContribution(
                ToolchainSupply.layerName, types: [.build, .cache], reason: "what the build image lacks, kept")
        ]
    }

    /// The toolchain.
    package func dependencies(_ context: DetectContext) -> [String: String]? {
        ProjectToolchain(context, supply).facts
    }
}
