/// The release that will be built, and how `mix release` is asked for it.
package struct ChosenRelease: Sendable, Hashable, Codable {
    /// Why it is this one.
    package enum Reason: String, Sendable, Hashable, Codable {
        /// The user named it.
        case requested
        /// mix.exs names it with `default_release`.
        case isDefault
        /// It is the only one.
        case isOnly
        /// mix.exs defines none: Mix makes it up from the application.
        case isApplication
    }

    package var release: MixRelease
    /// Why it is this one.
    package var reason: Reason

    package init(_ release: MixRelease, reason: Reason) {
        self.release = release
        self.reason = reason
    }

    /// The release's name: what `bin/NAME` will be called.
    package var name: String { release.name }

    /// What stands after `mix release`: the name, or nothing where Mix would refuse it (a release made up from `:app`).
    package var mixArguments: [String] { release.isDefined ? [release.name] : [] }
}
