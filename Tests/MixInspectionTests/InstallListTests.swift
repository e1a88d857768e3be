import MixInspection
import SystemPackage
import TestSupport
import Testing

@testable import Toolchains

@Suite("Lists of Hex and rebar3, and what a lock file pins")
struct InstallListTests {
    private static let digest = String(repeating: "ab", count: 64)
    private static let list = """
        1.0.1,\(digest),1.0.0
        2.0.6,\(digest),1.12.0
        2.1.1,\(digest),1.15.0
        2.2.0,\(digest),1.18.0,25
        2.2.0,\(digest),1.18.0,27
        2.3.0-dev,\(digest),1.12.0

        """

    @Test(
        "the newest that runs with an Elixir and an OTP is taken",
        arguments: [
            ("1.14.0", 25, "2.0.6"), ("1.15.8", 26, "2.1.1"), ("1.18.4", 27, "2.2.0/27"), ("1.18.4", 26, "2.2.0/25"),
            ("1.18.4", 24, "2.1.1"), ("1.11.4", 24, "1.0.1"), ("0.15.0", 24, nil),
        ] as [(String, Int, String?)])
    func newest(elixir: String, otp: Int, expected: String?) throws {
        let row = try #require(InstallList(Self.list)).newest(elixir: elixir, otpMajor: otp)
        #expect(row.map { "\($0.version)\($0.otpMajor.map { "/\($0)" } ?? "")" } == expected)
    }

    @Test(
        "any other text is no list",
        arguments: ["", "<html></html>", "1.0.0,abc,1.0.0", "1.0.0", "x,\(digest),1.0.0", "1.0.0,\(digest),1.0.0,x"])
    func noList(text: String) { #expect(InstallList(text) == nil) }

    @Test("a lock file that pins the same in another form is no other")
    func sameLock() {
        let old = "%{\"a\": {:hex, :a, \"1.0.0\", \"aa\", [:mix], [], \"hexpm\"},\n}\n"
        let new = "%{\n  \"a\": {:hex, :a, \"1.0.0\", \"aa\", [:mix], [], \"hexpm\", \"bb\"},\n}\n"
        #expect(LockedVersions.changed(from: old, to: new).isEmpty)
        let other =
            "%{\n  \"a\": {:hex, :a, \"1.0.1\", \"aa\", [:mix], [], \"hexpm\", \"bb\"},\n"
            + "  \"b\": {:git, \"https://x/b.git\", \"0a\", []},\n}\n"
        #expect(LockedVersions.changed(from: old, to: other) == ["a", "b"])
        #expect(LockedVersions.changed(from: other, to: "%{}").isEmpty)
        #expect(LockedVersions.changed(from: "", to: "not a lock").isEmpty)
    }

    @Test("port_specs in the rebar.config of a dependency by path is native code; a comment is none")
    func ports() throws {
        try withTemporaryFolder { folder in
            try folder.appending("mix.exs").write(
                """
                defmodule A.MixProject do
                  use Mix.Project
                  def project, do: [app: :a, version: "1.0.0", deps: [{:port, path: "vendor/port"}, {:plain, path: "vendor/plain"}]]
                end
                """)
            try folder.appending("vendor/port/rebar.config").write(
                "{port_specs, [{\"priv/x.so\", [\"c_src/*.c\"]}]}.\n")
            try folder.appending("vendor/plain/rebar.config").write("%% no port_specs here\n{deps, []}.\n")
            let project = try MixInspector.staticLook(folder)
            #expect(project.nativeCode == ["vendor/port: port_specs"])
            #expect(!project.needsRust)
        }
    }
}
