/// A release as Mix would assemble it.
package struct MixRelease: Sendable, Hashable, Codable {
    /// The release's name.
    package var name: String
    /// Its version; `nil` where only the build tells.
    package var version: String?
    /// The applications that it names, with their modes; empty where Mix takes the project's own.
    package var applications: [Application]
    /// Whether mix.exs defines it (`false`: Mix makes it up from `:app`, and `mix release` is called without a name).
    package var isDefined: Bool
    /// Whether mix.exs sets a cookie for it.
    package var setsCookie: Bool
    /// The configuration that is read when it starts, relative to the project's folder; `nil` where mix.exs says `false`.
    package var runtimeConfigPath: String?
    /// Whether `steps:` makes an archive, which with `--path` lands inside the release and doubles it.
    package var makesArchive: Bool
    /// Whether Erlang's runtime system goes into it; without (`include_erts: false`) it cannot start in an image.
    package var includesErts: Bool

    /// An application in a release.
    package struct Application: Sendable, Hashable, Codable {
        /// The application's name.
        package var name: String
        /// Its mode, for example `permanent`.
        package var mode: String

        package init(name: String, mode: String) {
            self.name = name
            self.mode = mode
        }
    }

    package init(
        name: String, version: String? = nil, applications: [Application] = [], isDefined: Bool,
        setsCookie: Bool = false, runtimeConfigPath: String? = "config/runtime.exs", makesArchive: Bool = false,
        includesErts: Bool = true
    ) {
        self.name = name
        self.version = version
        self.applications = applications
        self.isDefined = isDefined
        self.setsCookie = setsCookie
        self.runtimeConfigPath = runtimeConfigPath
        self.makesArchive = makesArchive
        self.includesErts = includesErts
    }
}
