import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection
@testable import Toolchains

@Suite("What the user should know before a build")
struct FindingsTests {
    private func findings(_ name: String, _ severity: Diagnostic.Severity) async throws -> [Diagnostic] {
        try await Inspecting.inspect(fixture(name)).findings.filter { $0.severity == severity }
    }

    @Test("a library is warned about, and can still be planned")
    func library() async throws {
        let project = try await Inspecting.inspect(fixture("library"))
        #expect(project.kind == .library)
        #expect(project.findings.map(\.severity) == [.warning])
        #expect(project.findings[0].text.contains("starts nothing"))
        #expect(try project.plan(toolchain: nil).name == "library")
    }

    @Test(
        "what no build could get right stops the plan",
        arguments: [
            ("nerves", "firmware"), ("path_outside", "shared is outside"), ("stray_child", "no umbrella in ../.."),
        ])
    func errors(name: String, text: String) async throws {
        let project = try await Inspecting.inspect(fixture(name))
        let errors = project.findings.filter { $0.severity == .error }
        #expect(errors.count == 1)
        let error = try #require(throws: Failure.self) { try project.plan(toolchain: nil) }
        #expect(error.code == .cannotPlan)
        #expect(error.message.contains(text))
    }

    @Test("a child of an umbrella offers the root")
    func child() async throws {
        let project = try await Inspecting.inspect(sample("umbrella").appending("apps/web"))
        #expect(project.kind == .umbrellaChild)
        #expect(project.umbrellaRoot == "../..")
        let error = try #require(throws: Failure.self) { try project.plan(toolchain: nil) }
        #expect(error.advice == "build the umbrella: --path ../..")
    }

    @Test("Distillery and cookies are warned about, an escript is noted")
    func warnings() async throws {
        #expect(try await findings("distillery", .warning).contains { $0.text.contains("Distillery") })
        #expect(try await findings("only_release", .warning).contains { $0.text.contains("cookie") })
        #expect(try await findings("escript", .note).contains { $0.text.contains("escript") })
    }

    @Test("a loopback address is warned about at its place, where it has the last word")
    func loopback() async throws {
        let found = try await findings("loopback", .warning).filter { $0.text.hasPrefix("listens on") }
        #expect(found.map(\.file) == ["config/prod.exs", "lib/listener.ex"])
        #expect(found.map(\.line) == [5, 3])
        #expect(found[0].text.contains("{127, 0, 0, 1}"))
    }

    @Test("a loopback address that start-time configuration replaces is no warning")
    func replaced() async throws {
        #expect(try await findings("phoenix_1_7", .warning) == [])
    }

    @Test("a Phoenix server that nothing turns on is warned about")
    func server() async throws {
        #expect(try await findings("loopback", .warning).contains { $0.text.contains("Phoenix server") })
    }

    @Test("the installed Elixir is compared with what the project asks for, before anything is compiled")
    func conflict() async throws {
        let project = try await Inspecting.inspect(fixture("newer_elixir"))
        let toolchain = Toolchain(
            elixirVersion: "1.14.0", otpVersion: "25.2.3", ertsVersion: "13.1.5", elixirRoot: "/e", erlangRoot: "/o")
        let error = try #require(throws: Failure.self) { try project.plan(toolchain: toolchain) }
        #expect(error.code == .versionConflict)
        #expect(error.message == "the project needs Elixir ~> 1.17, and 1.14.0 (OTP 25.2.3) is installed")
        #expect(error.choices.contains("1.18 (OTP 25-27)"))
        #expect(!error.choices.contains { $0.hasPrefix("1.16") })
        var newer = toolchain
        newer.elixirVersion = "1.18.4"
        #expect(throws: Never.self) { try project.plan(toolchain: newer) }
    }

    @Test("a requirement that Elixir does not understand is an error")
    func requirement() async throws {
        let project = try await Inspecting.inspect(fixture("bad_requirement"))
        let toolchain = Toolchain(
            elixirVersion: "1.14.0", otpVersion: "25", ertsVersion: "13", elixirRoot: "/e", erlangRoot: "/o")
        let error = try #require(throws: Failure.self) { try project.plan(toolchain: toolchain) }
        #expect(error.code == .versionConflict)
    }

    @Test("a pair of Elixir and OTP that do not go together is warned about")
    func pair() {
        var toolchain = Toolchain(
            elixirVersion: "1.14.0", otpVersion: "27.1", ertsVersion: "15", elixirRoot: "/e", erlangRoot: "/o")
        #expect(toolchain.pairFinding?.severity == .warning)
        toolchain.otpVersion = "25.2.3"
        #expect(toolchain.pairFinding == nil)
    }
}
