import Diagnostics
import Toolchains

extension Toolchain {
    /// Whether a project may be built with this toolchain: by its `elixir:` requirement, children's included.
    /// - Throws: `Failure` of the kind `versionConflict`, which names the versions that would do.
    package func check(_ project: MixProject) throws(Failure) {
        let file = "mix.exs"
        for (path, requirement) in project.elixirRequirements {
            try check(requirement, file: path == "." ? file : "\(path)/\(file)")
        }
    }

    private func check(_ text: String, file: String) throws(Failure) {
        guard let requirement = VersionRequirement(text) else {
            throw Failure(
                .versionConflict, "elixir: \"\(text)\" is not a valid version requirement", at: Place(file),
                advice: "write it like \"~> 1.14\"")
        }
        guard let installed = ElixirVersion(elixirVersion), !requirement.matches(installed) else { return }
        let candidates = KnownVersions.candidates(for: requirement)
        throw Failure(
            .versionConflict, "the project needs Elixir \(text), and \(elixirVersion) (OTP \(otpVersion)) is installed",
            at: Place(file),
            advice: candidates.isEmpty
                ? "no Elixir that mixpack knows meets \(text); its table is of \(KnownVersions.date)"
                : "install one of these: \(candidates.joined(separator: ", "))\nor let mixpack fetch one: "
                    + "-e BP_ELIXIR_VERSION=\(candidates[0].prefix { $0 != " " })",
            choices: candidates)
    }
}
