import BuildpackAPI
import Diagnostics

/// The composite of the three buildpacks: a descriptor with an order, and nothing to run itself.
package struct ElixirBuildpack: Buildpack {
    package let descriptor: BuildpackDescriptor

    /// - Parameter version: mixpack's own version.
    package init(version: String) {
        let group = [BuildpackID.erlangRuntime, BuildpackID.elixirRuntime, BuildpackID.mixRelease]
        descriptor = .own(
            BuildpackID.elixir, "Elixir", version: version,
            order: [group.map { BuildpackReference(id: $0, version: version) }])
    }

    /// A composite does not detect: its order does.
    package func detect(_ context: DetectContext) async throws -> DetectResult {
        .fail(reason: "a composite takes part through its order")
    }

    /// A composite does not build: its order does.
    package func build(_ context: BuildContext) async throws -> BuildResult {
        throw Failure(.buildFailed, "\(descriptor.id) is a composite and builds nothing itself")
    }
}

extension BuildpackDescriptor {
    static func own(
        _ id: String, _ name: String, version: String, order: [[BuildpackReference]] = []
    ) -> BuildpackDescriptor {
        BuildpackDescriptor(
            id: id, version: version, api: "0.10", name: name, homepage: "https://github.com/carlo-colombo/mixpack",
            order: order)
    }
}

/// The ids of mixpack's own buildpacks; they are in images, so they never change.
package enum BuildpackID {
    /// The buildpack that offers the machine's Erlang to a build.
    package static let erlangRuntime = "io.github.carlo-colombo.erlang-runtime"
    /// The buildpack that offers the machine's Elixir to a build.
    package static let elixirRuntime = "io.github.carlo-colombo.elixir-runtime"
    package static let mixRelease = "io.github.carlo-colombo.mix-release"
    package static let elixir = "io.github.carlo-colombo.elixir"
}
