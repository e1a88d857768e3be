import Diagnostics
import Files

extension MixProject {
    /// What `elixir:` asks for, of the project itself (`.`) and of each child, by folder.
    package var elixirRequirements: [(folder: String, requirement: String)] {
        let own = elixirRequirement.map { [(folder: ".", requirement: $0)] } ?? []
        return own + children.compactMap { child in child.elixirRequirement.map { (child.path, $0) } }
    }

    /// The release that would be built, after everything that speaks against a build has been looked at.
    /// - Parameters:
    ///   - requested: the release that the user named.
    ///   - toolchain: what is installed; without it, versions are not compared.
    /// - Throws: `Failure`: a version conflict, the first finding that is an error, or what `ReleaseChoice` says.
    package func plan(requested: String? = nil, toolchain: Toolchain?) throws(Failure) -> ChosenRelease {
        if let toolchain { try toolchain.check(self) }
        if let finding = findings.first(where: { $0.severity == .error }) {
            throw Failure(
                .cannotPlan, finding.text, at: Place(finding.file, line: finding.line), advice: finding.advice)
        }
        let chosen = try ReleaseChoice.resolve(self, requested: requested)
        if !chosen.release.includesErts {
            throw Failure(
                .cannotPlan, "release \(chosen.name) leaves Erlang out, so it cannot start in an image",
                at: Place("mix.exs"),
                advice: "take include_erts out of mix.exs")
        }
        return chosen
    }
}
