import BuildpackAPI
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Offers Erlang/OTP to the build: the machine's, or the version that the project asks for.
///
/// Nothing of it reaches the image but what the release carries.
package struct ErlangRuntimeBuildpack: Buildpack {
    package let descriptor: BuildpackDescriptor
    private let supply: ToolchainSupply?

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

    package func dependencies(_ context: DetectContext) -> [String: String]? {
        ProjectToolchain(context, supply).facts
    }
}

/// Offers Elixir to the build: the machine's, or the version that the project asks for.
///
/// Nothing of it reaches the image but what the release carries.
package struct ElixirRuntimeBuildpack: Buildpack {
    package let descriptor: BuildpackDescriptor
    private let supply: ToolchainSupply?

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

    package func dependencies(_ context: DetectContext) -> [String: String]? {
        ProjectToolchain(context, supply).facts
    }
}

/// The build-only layer of a runtime: a `bin` folder of links into what is installed on the machine.
struct ToolchainLayer {
    let name: String
    let version: String
    let root: FilePath
    let programs: [String]

    func contribute(to layers: FilePath) throws -> LayerContribution {
        let bin = layers.appending(name).appending("bin")
        try bin.makeFolders()
        for program in programs {
            let target = root.appending("bin").appending(program)
            let link = bin.appending(program)
            guard target.leadsSomewhere, link.linkTarget != target.string else { continue }
            try link.remove()
            try link.makeLink(to: target.string)
        }
        return LayerContribution(
            name, types: .build, metadata: ["version": .string(version), "source": .string(root.string)],
            reason: "\(version), installed at \(root)")
    }
}

extension Toolchain {
    /// What buildpacks depend on: the versions and the places.
    var facts: [String: String] {
        [
            "erlang": "\(otpVersion) (erts \(ertsVersion)) \(erlangRoot)", "elixir": "\(elixirVersion) \(elixirRoot)",
        ]
    }
}
