import Diagnostics

extension Toolchain {
    /// OTP's major version, for example 25.
    package var otpMajor: Int? { otpVersion.split(separator: ".").first.flatMap { Int($0) } }

    /// Whether an Elixir is made for an OTP: `nil` where that is not known.
    package static func goTogether(elixir: String, otpMajor: Int) -> Bool? {
        ElixirVersion(elixir).flatMap { KnownVersions.supports(elixir: $0, otpMajor: otpMajor) }
    }

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
                .versionConflict, "elixir: \"\(text)\" is not a requirement that Elixir understands", at: Place(file),
                advice: "write it as in \"~> 1.14\"")
        }
        guard let installed = ElixirVersion(elixirVersion), !requirement.matches(installed) else { return }
        let candidates = KnownVersions.candidates(for: requirement)
        throw Failure(
            .versionConflict, "the project needs Elixir \(text), and \(elixirVersion) (OTP \(otpVersion)) is installed",
            at: Place(file),
            advice: candidates.isEmpty
                ? "no known Elixir fulfils \(text)"
                : "install one of these: \(candidates.joined(separator: ", "))\nor have one fetched: "
                    + "-e BP_ELIXIR_VERSION=\(candidates[0].prefix { $0 != " " })",
            choices: candidates)
    }

    /// A warning where this Elixir is not made for this OTP; nothing where the pair is good or not known.
    package var pairFinding: Diagnostic? {
        guard let elixir = ElixirVersion(elixirVersion), let otpMajor,
            KnownVersions.supports(elixir: elixir, otpMajor: otpMajor) == false
        else { return nil }
        return Diagnostic(
            .warning, "Elixir \(elixirVersion) is not made for OTP \(otpVersion)",
            advice: "Elixir's page on compatibility names the pairs")
    }
}
