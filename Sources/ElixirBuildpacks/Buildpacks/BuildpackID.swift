/// The ids of mixpack's own buildpacks; they are in images, so they never change.
package enum BuildpackID {
    /// The buildpack that offers the machine's Erlang to a build.
    package static let erlangRuntime = "io.github.carlo-colombo.erlang-runtime"
    /// The buildpack that offers the machine's Elixir to a build.
    package static let elixirRuntime = "io.github.carlo-colombo.elixir-runtime"
    /// The buildpack that makes the release.
    package static let mixRelease = "io.github.carlo-colombo.mix-release"
    /// The three of them together.
    package static let elixir = "io.github.carlo-colombo.elixir"
}
