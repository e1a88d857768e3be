import Diagnostics

extension VersionRequests {
    /// Looks whether what is asked for can be had at all: the requirement of mix.exs, and the pair of Elixir and OTP.
    func checkThemselves() throws(Failure) {
        guard let elixir = pinned(.elixir), elixir.version != RequestedVersion.system else { return }
        try check(elixir, against: requirements)
        guard let otp = pinned(.erlang), let major = OTPVersion(otp.version)?.major else { return }
        if let wanted = elixir.otpMajor, wanted != major {
            throw Failure(
                .versionConflict, "\(elixir.place) asks for \(elixir.name), and \(otp.place) for \(otp.name)",
                at: elixir.filePlace,
                advice: "ask for an OTP \(wanted), or for Elixir \(elixir.version)-otp-\(major)")
        }
        try check(elixir, otp, major)
    }

    private func check(_ elixir: RequestedVersion, against requirements: [RequestedVersion]) throws(Failure) {
        for required in requirements {
            guard let requirement = VersionRequirement(required.version), !Self.agrees(elixir, requirement) else {
                continue
            }
            throw Failure(
                .versionConflict,
                "\(elixir.place) asks for \(elixir.name), and \(required.place) for Elixir \(required.version)",
                at: Place(elixir.line == nil ? required.source : elixir.source, line: elixir.line),
                advice: "let both say the same; \(required.version) allows "
                    + KnownVersions.candidates(for: requirement).joined(separator: ", "),
                choices: KnownVersions.candidates(for: requirement))
        }
    }

    /// Whether a version, or one that begins with it, fulfils a requirement.
    private static func agrees(_ elixir: RequestedVersion, _ requirement: VersionRequirement) -> Bool {
        if elixir.isRequirement { return true }
        let wholes =
            [elixir.version] + (0...20).map { "\(elixir.version).\($0)" }
            + (0...40).flatMap { minor in ["\(elixir.version).\(minor).0", "\(elixir.version).\(minor).9"] }
        let versions = wholes.compactMap { ElixirVersion($0) }
        return versions.isEmpty || versions.contains(where: requirement.matches)
    }

    private func check(_ elixir: RequestedVersion, _ otp: RequestedVersion, _ major: Int) throws(Failure) {
        let words = elixir.version.split(separator: ".").compactMap { Int($0.prefix { $0.isNumber }) }
        guard words.count >= 2, words[0] == 1, let pair = KnownVersions.pairs.first(where: { $0.minor == words[1] })
        else { return }
        let laterHolds = pair.later.map { $0.otp == major && (words.count < 3 || words[2] >= $0.patch) } ?? false
        if pair.otp.contains(major) || laterHolds { return }
        let others = KnownVersions.pairs.filter { $0.otp.contains(major) }.map { "1.\($0.minor)" }
        throw Failure(
            .versionConflict,
            "Elixir \(elixir.version) (\(elixir.place)) is not made for OTP \(otp.version) (\(otp.place))",
            at: otp.filePlace,
            advice: "Elixir 1.\(pair.minor) runs on OTP \(pair.otp.lowerBound)-\(pair.otp.upperBound)"
                + (others.isEmpty ? "" : "; on OTP \(major) run Elixir \(others.joined(separator: ", "))"))
    }
}
