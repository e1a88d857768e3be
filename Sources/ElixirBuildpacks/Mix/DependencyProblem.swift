import BuildpackAPI
import Diagnostics
import MixInspection
import Toolchains

/// Says in one line why dependencies could not be fetched.
enum DependencyProblem {
    private static let unreachable = [
        "nxdomain", "econnrefused", "ehostunreach", "enetunreach", "timeout", "Could not resolve host",
        "failed_connect",
        "Failed to connect", "Network is unreachable", "Temporary failure in name resolution",
        "Name or service not known",
    ]

    static func error(
        _ outcome: MixRunner.Outcome, in project: MixProject, packages: PackageManager
    ) -> Failure {
        let output = outcome.output
        return checksum(output) ?? git(output, project, packages) ?? certificate(output) ?? signature(output)
            ?? refused(output) ?? hex(output, project) ?? MixFailure("mix deps.get", outcome, project, packages).failure
    }

    private static func checksum(_ output: String) -> Failure? {
        guard let line = output.firstMatch(of: /(?im)^.*(?:checksum mismatch|mismatch.*checksum).*$/) else {
            return nil
        }
        let package = line.0.firstMatch(of: /\(([a-z0-9_]+)[ -]([0-9][^\s)]*)/).map { "\($0.1) \($0.2)" }
        return Failure(
            .commandFailed, "the checksum of \(package ?? "a package") is not the one in mix.lock",
            at: Place("mix.lock"),
            advice: "restore mix.lock, or if you know that the package is right, run mix deps.update for it")
    }

    private static func git(_ output: String, _ project: MixProject, _ packages: PackageManager) -> Failure? {
        if output.contains("the \"git\" executable is not available") {
            return Failure(
                .commandFailed, "a dependency comes from git, but git is not installed",
                advice: packages.advice(for: .git))
        }
        guard
            let reason = output.firstMatch(of: /(?m)^(?:fatal|error|ssh|git@[^:\n]*|Host key verification failed).*$/),
            let getting = output[..<reason.range.lowerBound].matches(
                of: /(?m)^\* (?:Getting|Updating) (\S+) \(([^)\s]+)/
            ).last
        else { return nil }
        let known = project.dependencies.first { $0.name == getting.1 }?.location
        let isSecure = [known ?? "", String(getting.2)].contains { url in
            url.contains("@") && !url.hasPrefix("http") || url.hasPrefix("ssh:")
        }
        // mix hides who logs in. That is right where it may be a token, and of no use where it is ssh's user.
        let url = isSecure ? known ?? String(getting.2) : String(getting.2)
        return Failure(
            .commandFailed, "cannot fetch \(getting.1) from \(url): \(reason.0.prefix(160))",
            advice: gitCure(isSecure: isSecure, reason.0))
    }

    private static func gitCure(isSecure: Bool, _ reason: Substring) -> String {
        if isSecure {
            return "start an ssh agent with the key (ssh-add), and connect to the host once (ssh -T) to make it known"
        }
        let refusals = ["could not read Username", "Authentication failed", "not found", "403", "401"]
        return refusals.contains(where: reason.contains)
            ? "if it is private, give a token that may read it: --secret \(GitAccess.tokenVariable)"
            : "check that this machine can reach the URL; mixpack uses HTTPS_PROXY"
    }

    /// OTP 25 to 27 had versions that refuse certificates such as hex.pm's.
    private static func certificate(_ output: String) -> Failure? {
        guard output.contains("key_usage_mismatch") else { return nil }
        return Failure(
            .commandFailed,
            "this OTP has a bug and refuses the certificate of the Hex server (key_usage_mismatch)",
            advice:
                "use an OTP without the bug: -e BP_OTP_VERSION=26.2.5.21, or 27.2.2 and newer; or a mirror with HEX_MIRROR"
        )
    }

    /// Hex got an answer, but not from who it thinks.
    private static func signature(_ output: String) -> Failure? {
        guard output.contains("Could not verify authenticity") || output.contains("No public key stored for") else {
            return nil
        }
        let package =
            output.firstMatch(of: /Failed to fetch record for '?"?([a-z0-9_:\/]+)/).map { " of \($0.1)" } ?? ""
        return Failure(
            .commandFailed,
            "Hex refuses the registry's record\(package): it is not signed with the key that Hex has",
            advice: """
                if a mirror (HEX_MIRROR) or a proxy changes or serves its own packages, add its key: \
                mix hex.repo add NAME URL --public-key FILE
                """)
    }

    /// A private repository answered, and not with the package.
    private static func refused(_ output: String) -> Failure? {
        guard !unreachable.contains(where: output.contains),
            let record = output.firstMatch(of: /Failed to fetch record for ['"]?([a-z0-9_.:-]+)\/([a-z0-9_]+)/),
            record.1 != "hexpm"
        else { return nil }
        return HexAccess.missingKey(String(record.1), String(record.2), isRefused: true)
    }

    private static func hex(_ output: String, _ project: MixProject) -> Failure? {
        guard unreachable.contains(where: output.contains) || output.contains("Failed to fetch record") else {
            return nil
        }
        let package = output.firstMatch(of: /record for ['"]?[a-z0-9:_.-]+\/([a-z0-9_]+)/).map { " for \($0.1)" } ?? ""
        return Failure(
            .commandFailed, "cannot reach hex\(package)",
            advice: """
                supply one of: a network (HTTPS_PROXY is taken over), a mirror (-e HEX_MIRROR=URL), \
                or the packages in ~/.hex (run mix deps.get where there is a network)
                """)
    }
}
