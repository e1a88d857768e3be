import Diagnostics

/// Which OTP majors each Elixir runs on, as of `date`.
///
/// From https://hexdocs.pm/elixir/compatibility-and-deprecations.html; versions that do not exist yet are not in it.
package enum KnownVersions {
    /// When the table was last compared with Elixir's documents.
    package static let date = "November 2026"

    package struct Pair: Sendable {
        /// The minor version of Elixir 1, for example 14.
        let minor: Int
        /// The OTP majors that it runs on from its first version.
        let otp: ClosedRange<Int>
        /// A further OTP major that a later patch brought, and that patch.
        var later: (otp: Int, patch: Int)?
    }

    /// Newest first.
    static let pairs: [Pair] = [
        Pair(minor: 20, otp: 27...29),
        Pair(minor: 19, otp: 26...28),
        Pair(minor: 18, otp: 25...27, later: (otp: 28, patch: 4)),
        Pair(minor: 17, otp: 25...27),
        Pair(minor: 16, otp: 24...26),
        Pair(minor: 15, otp: 24...26),
        Pair(minor: 14, otp: 23...25, later: (otp: 26, patch: 5)),
        Pair(minor: 13, otp: 22...24, later: (otp: 25, patch: 4)),
        Pair(minor: 12, otp: 22...24),
        Pair(minor: 11, otp: 21...23, later: (otp: 24, patch: 4)),
    ]

    /// Whether a pair is known not to run: `nil` where the table has no row for the Elixir.
    static func supports(elixir: ElixirVersion, otpMajor: Int) -> Bool? {
        guard elixir.major == 1, let pair = pairs.first(where: { $0.minor == elixir.minor }) else { return nil }
        if pair.otp.contains(otpMajor) { return true }
        return pair.later.map { otpMajor == $0.otp && (elixir.patch ?? 0) >= $0.patch } ?? false
    }

    /// Whether an OTP is newer than all that the table names for an Elixir: it may run, which only a trial tells.
    static func isOlder(elixir: String, thanOTP major: Int) -> Bool {
        guard let pair = pair(of: elixir) else { return true }
        return major > max(pair.otp.upperBound, pair.later?.otp ?? 0)
    }

    /// The row of an Elixir's version, or of its beginning.
    static func pair(of elixir: String) -> Pair? {
        let words = elixir.split(separator: ".").compactMap { Int($0.prefix { $0.isNumber }) }
        guard words.count >= 2, words[0] == 1 else { return nil }
        return pairs.first { $0.minor == words[1] }
    }

    /// The Elixir minors that a requirement allows, newest first, such as `1.18`, each with the OTP it runs on.
    package static func candidates(for requirement: VersionRequirement) -> [String] {
        pairs.compactMap { pair in
            // A late patch stands for the minor, so that `~> 1.17.2` finds 1.17.
            let isAllowed = (0...20).contains { patch in
                ElixirVersion("1.\(pair.minor).\(patch)").map(requirement.matches) ?? false
            }
            return isAllowed ? "1.\(pair.minor) (OTP \(pair.otp.lowerBound)-\(pair.otp.upperBound))" : nil
        }
    }
}

extension Toolchain {
    package var otpMajor: Int? { otpVersion.split(separator: ".").first.flatMap { Int($0) } }

    /// Whether an Elixir is made for an OTP: `nil` where that is not known.
    package static func goTogether(elixir: String, otpMajor: Int) -> Bool? {
        ElixirVersion(elixir).flatMap { KnownVersions.supports(elixir: $0, otpMajor: otpMajor) }
    }

    /// A warning where this Elixir is not made for this OTP; nothing where the pair is good or not known.
    package var pairFinding: Diagnostic? {
        guard let elixir = ElixirVersion(elixirVersion), let otpMajor,
            KnownVersions.supports(elixir: elixir, otpMajor: otpMajor) == false
        else { return nil }
        return Diagnostic(
            .warning, "Elixir \(elixirVersion) does not support OTP \(otpVersion)",
            advice: "see the table of compatible versions in Elixir's documentation")
    }
}
