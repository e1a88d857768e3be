/// A list of precompiled builds: `builds.txt` of builds.hex.pm or of a mirror.
///
/// A line is a name, a git commit, a time and, since 2024, the archive's SHA-256: `OTP-27.3.4 9f3… 2025-05-12T… 3ab…`.
package struct BuildList: Sendable, Hashable {
    package struct Build: Sendable, Hashable {
        /// The name, which is that of the archive: `OTP-27.3.4`, `v1.18.4-otp-27`.
        package var name: String
        package var version: String
        /// The OTP major that an Elixir was compiled with; `nil` where the name does not say it.
        package var otpMajor: Int?
        /// The archive's SHA-256 in hexadecimal digits; builds from before 2024 have none.
        package var digest: String?

        package init(name: String, version: String, otpMajor: Int? = nil, digest: String? = nil) {
            self.name = name
            self.version = version
            self.otpMajor = otpMajor
            self.digest = digest
        }
    }

    /// The builds, in the order of the list; branches, which change their content, are left out.
    package let builds: [Build]

    /// Reads a list; `nil` for a text that is none, such as an error page.
    package init?(_ text: String, of tool: RequestedVersion.Tool) {
        var builds: [Build] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let name = words.first else { continue }
            guard words.count >= 3, Self.isHexadecimal(words[1]) else { return nil }
            let digest = words.count > 3 && words[3].utf8.count == 64 && Self.isHexadecimal(words[3]) ? words[3] : nil
            guard var build = Self.build(name, tool) else { continue }
            build.digest = digest.map { $0.lowercased() }
            builds.append(build)
        }
        self.builds = builds
    }

    private static func build(_ name: Substring, _ tool: RequestedVersion.Tool) -> Build? {
        switch tool {
        case .erlang:
            guard name.hasPrefix("OTP-"), let version = OTPVersion(name.dropFirst(4)) else { return nil }
            return Build(name: String(name), version: version.description)
        case .elixir:
            guard name.hasPrefix("v"),
                let match = name.dropFirst().wholeMatch(of: /([0-9][0-9A-Za-z.\-]*?)(?:-otp-([0-9]+))?/),
                let version = ElixirVersion(match.1)
            else { return nil }
            return Build(
                name: String(name), version: version.description, otpMajor: match.2.flatMap { Int($0) })
        }
    }

    private static func isHexadecimal(_ word: Substring) -> Bool {
        word.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
