import Diagnostics

/// What mixpack keeps in the image store under names of its own.
package enum OwnImage: String, Sendable, CaseIterable {
    /// The run image that is made from this machine's packages, or for another processor.
    case runImage = "run-image"
    /// A run image that somebody named.
    case namedRunImage = "named-run-image"
    /// The run image of a builder that is written to a file.
    case builderRunImage = "builder-run-image"
    /// The build image of a builder.
    case buildImage = "build-image"
    /// A builder that is written to files alone.
    case builder
    /// mixpack's own buildpacks in a package.
    case buildpacks
    /// A buildpack that came in a package.
    case buildpackage
    /// A lifecycle that came in an image.
    case lifecycle
    /// An Erlang for another processor that came in an image.
    case toolchain
    /// What a verification built.
    case verify
    /// The compiled dependencies that go to another machine.
    case cache

    /// The name of one of them.
    /// - Throws: `Failure` for a tag that can be none.
    package func reference(_ tag: String) throws(Failure) -> Reference {
        try Reference("\(Reference.ownRegistry)/\(rawValue):\(tag)")
    }

    /// Which one a name means; `nil` for a name of the user's, and one that mixpack no longer gives.
    package init?(_ reference: Reference) {
        guard reference.isOwn, let known = Self(rawValue: reference.repository) else { return nil }
        self = known
    }

    /// Where it is from, in a few words.
    package var origin: String {
        switch self {
        case .runImage: "run image, made here"
        case .namedRunImage: "run image, fetched"
        case .builderRunImage: "run image of a builder"
        case .buildImage: "build image of a builder"
        case .builder: "builder, made here"
        case .buildpacks: "mixpack's own buildpacks"
        case .buildpackage: "buildpackage, fetched"
        case .lifecycle: "lifecycle, fetched"
        case .toolchain: "toolchain, fetched"
        case .verify: "built by mixpack verify"
        case .cache: "cache for other machines"
        }
    }
}
