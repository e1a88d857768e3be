import Diagnostics
import MixInspection
import OCIImage
import SystemPackage

/// What the Release screen asks of the world.
package struct ReleaseClient: Sendable {
    /// Works out a `releases:` entry for the mix.exs of an umbrella that has none; nothing is written.
    package var propose: @Sendable (FilePath, MixProject) async throws -> MixFileEdit = { path, _ in
        throw Failure(.refused, "cannot read \(path)")
    }
    /// Writes a change of mix.exs that was shown.
    package var write: @Sendable (MixFileEdit) async throws -> Void = { edit in
        throw Failure(.refused, "cannot write \(edit.path)")
    }

    /// What a builder says of itself; `nil` for one that is not on this machine, unless its registry may be asked.
    package var builder: @Sendable (_ name: String, _ asksRegistry: Bool) async throws -> BuilderSummary? = { name, _ in
        throw Failure(.refused, "cannot read \(name)")
    }
    /// What images can be made for.
    package var platforms: [Platform] = [.current]

    /// Creates a client that has nothing to offer.
    package init() {}
}

/// What a builder image says of itself: what the Project screen shows in place of mixpack's own buildpacks.
package struct BuilderSummary: Sendable, Hashable {
    /// Where it was found.
    package var place: String
    /// The digest of its manifest.
    package var digest: Digest
    /// The id of its stack, or the distribution that it is made on.
    package var stack: String?
    /// The groups of its order, each with the buildpacks by id and version.
    package var order: [[String]]
    /// The run image that builds go on, with its mirrors.
    package var runImages: [String]

    package init(place: String, digest: Digest, stack: String?, order: [[String]], runImages: [String]) {
        self.place = place
        self.digest = digest
        self.stack = stack
        self.order = order
        self.runImages = runImages
    }
}
