import Diagnostics
import MixInspection
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

    /// Creates a client that has nothing to offer.
    package init() {}
}
