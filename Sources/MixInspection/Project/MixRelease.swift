/// A release as Mix would assemble it.
package struct MixRelease: Sendable, Hashable, Codable {
    package var name: String
    /// Its version; `nil` where only the build tells.
    package var version: String?
    /// The applications that it names, with their modes; empty where Mix takes the project's own.
    package var applications: [Application] = []
    /// Whether mix.exs defines it (`false`: Mix makes it up from `:app`, and `mix release` is called without a name).
    package var isDefined: Bool
    package var setsCookie = false
    /// The configuration that is read when it starts, relative to the project's folder; `nil` where mix.exs says `false`.
    package var runtimeConfigPath: String? = "config/runtime.exs"
    /// Whether `steps:` makes an archive, which with `--path` lands inside the release and doubles it.
    package var makesArchive = false
    /// Whether Erlang's runtime system goes into it; without (`include_erts: false`) it cannot start in an image.
    package var includesErts = true

    /// Whether a step of it is Burrito's, which makes one program of it.
    package var isWrapped = false

    static let wrappedAdvice =
        "define another release without Burrito.wrap in steps: of mix.exs, and build that with --release NAME"

    package struct Application: Sendable, Hashable, Codable {
        package var name: String
        /// Its mode, for example `permanent`.
        package var mode: String
    }
}
