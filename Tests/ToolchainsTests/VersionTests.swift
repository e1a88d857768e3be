import Testing

@testable import Toolchains

@Suite("Elixir's versions and requirements")
struct VersionTests {
    /// Each answer is that of Elixir 1.14's `Version.match?/2`; `nil` where it raises.
    @Test(
        "a requirement holds as in Elixir",
        arguments: [
            ("1.14.0", "~> 1.14", true), ("1.20.3", "~> 1.14", true), ("1.15.0", "~> 1.14.0", false),
            ("1.18.0-rc.1", "~> 1.17", true), ("1.17.0-rc.1", "~> 1.17", false), ("1.18.0-rc.1", "~> 1.18", false),
            ("2.0.0-rc.1", "~> 1.17", false), ("1.18.0-rc.1", ">= 1.17.0", true), ("1.17.0-rc.1", "~> 1.17-rc", true),
            ("1.17.0-rc.1", "~> 1.17.0-rc", true), ("1.15.0-dev", "~> 1.14.0", false), ("1.14.0", "1.14.0", true),
            ("1.14.0", "!= 1.14.0", false), ("1.14.0", "! 1.14.0", false), ("1.14.0", ">= 1.12.0 and < 2.0.0", true),
            ("1.14.0", "~> 1.12.0 or ~> 1.14", true), ("1.14.0", ">=1.12.0", true), ("1.14.0", "1.14", nil),
            ("1.14.0", "~> 1", nil), ("1.14.0", ">= 1.14", nil), ("1.14.0", "", nil), ("1.14.0", "~> 1.14 and", nil),
            ("1.14.0", "and", nil), ("1.14.0", "> 1.13.0 or", nil), ("1.14.0+b", "== 1.14.0", true),
            ("1.14.0-rc.2", "< 1.14.0-rc.10", true), ("1.14.0-rc.a", "> 1.14.0-rc.10", true),
            ("1.14.0", "~>1.14", true),
            ("1.14.0", ">=  1.2.0 and <= 1.14.0 or == 0.1.0", true), ("1.14.0", "~> 01.14", nil),
            ("1.14.0-0", "~> 1.13", true), ("1.14.0-rc.1", "> 1.14.0-rc", true), ("1.14.0", "= 1.14.0", nil),
            ("1.14.0", ">= 1.12.0 && < 1.13.0", nil),
        ] as [(String, String, Bool?)])
    func matches(version: String, requirement: String, expected: Bool?) throws {
        let version = try #require(ElixirVersion(version))
        #expect(VersionRequirement(requirement)?.matches(version) == expected)
    }

    @Test(
        "what is no version is refused",
        arguments: ["", "1", "1.2", "1.2.3.4", "a.b.c", "1.2.x", "1.2.3-", "1.2.3-a..b", "-1.2.3"])
    func refused(text: String) {
        #expect(ElixirVersion(text) == nil)
    }

    @Test(
        "the pairs of Elixir and OTP",
        arguments: [
            ("1.14.0", 25, true), ("1.14.0", 26, false), ("1.14.5", 26, true), ("1.18.0", 24, false),
            ("1.9.0", 22, nil),
            ("1.20.0", 28, true),
        ] as [(String, Int, Bool?)])
    func pairs(elixir: String, otp: Int, expected: Bool?) throws {
        #expect(KnownVersions.supports(elixir: try #require(ElixirVersion(elixir)), otpMajor: otp) == expected)
    }

    @Test("versions of OTP are ordered by their numbers, and a candidate comes before its release")
    func otpOrder() {
        let ordered = [
            "9.3", "25.3", "25.3.2", "25.3.2.9", "25.3.2.10", "26.0-rc2", "26.0-rc10", "26.0", "26.0.1", "100.0",
        ]
        let versions = ordered.compactMap { OTPVersion($0) }
        #expect(versions.map(\.description) == ordered)
        for shuffled in [versions.reversed(), versions.shuffled()] { #expect(shuffled.sorted() == versions) }
    }
}
