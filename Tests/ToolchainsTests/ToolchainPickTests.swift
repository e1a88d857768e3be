import Diagnostics
import Testing

@testable import Toolchains

@Suite("Which builds a need is met with")
struct ToolchainPickTests {
    private static let digest = String(repeating: "ab", count: 32)
    private static let otps = """
        OTP-25.3.2 0a1b 2023-04-01T00:00:00Z
        OTP-26.2.5 0a1b 2024-05-01T00:00:00Z \(digest)
        OTP-27.0-rc2 0a1b 2024-03-01T00:00:00Z \(digest)
        OTP-27.3 0a1b 2025-03-01T00:00:00Z \(digest)
        OTP-27.3.4 0a1b 2025-05-01T00:00:00Z \(digest)
        OTP-27.3.4.13 0a1b 2025-05-01T00:00:00Z \(digest)
        OTP-28.1 0a1b 2025-09-01T00:00:00Z \(digest)
        maint-27 0a1b 2025-09-01T00:00:00Z \(digest)
        master 0a1b 2025-09-01T00:00:00Z \(digest)

        """
    private static let elixirs = """
        v1.14.5 0a1b 2023-05-22T00:00:00Z \(digest) \nv1.14.5-otp-25 0a1b 2023-05-22T00:00:00Z \(digest) 
        v1.17.3-otp-25 0a1b 2024-09-18T00:00:00Z \(digest) \nv1.17.3-otp-27 0a1b 2024-09-18T00:00:00Z \(digest) 
        v1.18.4 0a1b 2025-05-21T00:00:00Z \(digest) \nv1.18.4-otp-25 0a1b 2025-05-21T00:00:00Z \(digest) 
        v1.18.4-otp-27 0a1b 2025-05-21T00:00:00Z \(digest) \nv1.19.0-rc.0-otp-28 0a1b 2025-05-21T00:00:00Z \(digest) 
        main-otp-27 0a1b 2025-05-21T00:00:00Z \(digest) \nv1.9.4-otp-22 0a1b 2019-11-05T00:00:00Z

        """

    private func wish(
        _ tool: RequestedVersion.Tool, _ versions: [String], majors: ClosedRange<Int>? = nil, partner: String? = nil
    ) -> ToolchainNeed.Wish {
        let requests = versions.map {
            RequestedVersion(tool, $0, isRequirement: $0.contains(" "), source: ".tool-versions", line: 1)
        }
        return ToolchainNeed.Wish(requests: requests, otpMajors: majors, partner: partner)
    }

    private func pick(_ elixir: ToolchainNeed.Wish?, _ erlang: ToolchainNeed.Wish?) throws -> String {
        let elixirs = try #require(BuildList(Self.elixirs, of: .elixir)).builds
        let erlangs = try #require(BuildList(Self.otps, of: .erlang)).builds
        let pick = try ToolchainPick(
            ToolchainNeed(elixir: elixir, erlang: erlang), elixirs: elixirs, erlangs: erlangs)
        return [pick.elixir?.name, pick.erlang?.name].compactMap { $0 }.joined(separator: " ")
    }

    @Test("a list gives releases with their checksums, where there are any; branches are left out")
    func lists() throws {
        let erlangs = try #require(BuildList(Self.otps, of: .erlang)).builds
        #expect(erlangs.map(\.version) == ["25.3.2", "26.2.5", "27.0-rc2", "27.3", "27.3.4", "27.3.4.13", "28.1"])
        #expect(erlangs.map(\.digest).prefix(2) == [nil, Self.digest])
        let elixirs = try #require(BuildList(Self.elixirs, of: .elixir)).builds
        #expect(elixirs.filter { $0.version == "1.18.4" }.map(\.otpMajor) == [nil, 25, 27])
        #expect(elixirs.contains { $0.version == "1.19.0-rc.0" && $0.otpMajor == 28 })
        #expect(elixirs.last?.digest == nil)
    }

    @Test(
        "an error page, or any other text, is no list",
        arguments: ["<!DOCTYPE html>\n<html><body>502</body></html>", "AccessDenied", "no list of builds", "OTP-27.3"])
    func noList(text: String) {
        #expect(BuildList(text, of: .erlang) == nil)
        #expect(BuildList(text, of: .elixir) == nil)
    }

    @Test("an empty list is one, without builds")
    func emptyList() { #expect(BuildList("\n", of: .erlang)?.builds.isEmpty == true) }

    @Test("the newest that fits is taken, and the pair fits together")
    func newest() throws {
        #expect(
            try pick(wish(.elixir, ["~> 1.14"]), wish(.erlang, [])) == "v1.18.4-otp-27 OTP-27.3.4.13")
        #expect(
            try pick(wish(.elixir, ["~> 1.14.0"]), wish(.erlang, [])) == "v1.14.5-otp-25 OTP-25.3.2")
        #expect(try pick(wish(.elixir, ["1.17"]), wish(.erlang, ["27.3.4"])) == "v1.17.3-otp-27 OTP-27.3.4")
        #expect(try pick(wish(.elixir, ["1.18.4"]), wish(.erlang, [], majors: 25...25)) == "v1.18.4-otp-25 OTP-25.3.2")
        #expect(try pick(nil, wish(.erlang, ["27"], partner: "1.18.4")) == "OTP-27.3.4.13")
        #expect(try pick(nil, wish(.erlang, ["27.3"])) == "OTP-27.3")
        #expect(try pick(nil, wish(.erlang, [], partner: "1.14.0")) == "OTP-25.3.2")
    }

    @Test("without a build for the very OTP, one for an older is taken, and a build for the oldest last")
    func older() throws {
        #expect(try pick(wish(.elixir, ["1.17.3"], partner: "26.2.5"), nil) == "v1.17.3-otp-25")
        #expect(try pick(wish(.elixir, ["1.18.4"], partner: "26.2.5"), nil) == "v1.18.4-otp-25")
        #expect(try pick(wish(.elixir, ["1.14.5"], partner: "26.2.5"), nil) == "v1.14.5-otp-25")
        #expect(try pick(wish(.elixir, ["1.14.5"], partner: "23.3"), nil) == "v1.14.5")
    }

    @Test("a candidate is taken only where it is asked for by name")
    func candidates() throws {
        #expect(
            try pick(wish(.elixir, ["1.19.0-rc.0"]), wish(.erlang, ["28.1"])) == "v1.19.0-rc.0-otp-28 OTP-28.1")
        #expect(try pick(nil, wish(.erlang, ["27.0-rc2"])) == "OTP-27.0-rc2")
        let none = #expect(throws: Failure.self) { try pick(nil, wish(.erlang, ["27.0"])) }
        #expect(none?.message.contains("no build of OTP 27.0") == true, "\(none?.message ?? "")")
    }

    @Test("what there is no build of is said with the nearest there are, and its place")
    func nearest() throws {
        let otp = try #require(throws: Failure.self) { try pick(nil, wish(.erlang, ["27.9"])) }
        #expect(otp.message == "no build of OTP 27.9 (.tool-versions:1)")
        #expect(otp.choices.first == "27.3.4.13")
        #expect(otp.code == .versionConflict)
        let elixir = try #require(throws: Failure.self) { try pick(wish(.elixir, ["1.16.3"], partner: "25.3"), nil) }
        #expect(elixir.advice?.contains("1.1") == true)
        let pair = try #require(throws: Failure.self) { try pick(wish(.elixir, ["1.14.5"], partner: "22.3"), nil) }
        #expect(pair.message == "no build of Elixir 1.14.5 for OTP 22")
    }
}
