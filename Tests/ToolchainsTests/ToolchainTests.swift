import Commands
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import Toolchains

@Suite("The installed Erlang and Elixir")
struct ToolchainTests {
    @Test("what is found agrees with what the programs say of themselves")
    func installed() async throws {
        let toolchain = try Toolchain.discover(environment: ["PATH": ProgramLookup.systemPath])
        let said = try await run(findTool("elixir"), ["--short-version"]).succeeded().output
        #expect(said.split(separator: "\n").first.map(String.init) == toolchain.elixirVersion)
        #expect(toolchain.elixirRoot.appending("bin/elixir").isThere)
        #expect(toolchain.erlangRoot.appending("erts-\(toolchain.ertsVersion)/bin/beam.smp").isThere)
        #expect(
            toolchain.otpVersion.split(separator: ".").first.map(String.init) == toolchain.otpMajor.map(String.init))
    }

    @Test(
        "a machine without Elixir gets told how to get it",
        arguments: [[:], ["PATH": ""], ["PATH": "/nonexistent:/proc"]])
    func missing(environment: [String: String]) {
        #expect { try Toolchain.discover(environment: environment) } throws: { error in
            (error as? Failure)?.code == .noToolchain && "\(error)".contains("apt-get install -y elixir erlang-dev")
        }
    }

    @Test("of a version manager's installs the newest counts, shims on PATH are passed over")
    func managed() throws {
        try withTemporaryFolder { home in
            try home.appending("shims/elixir").write("#!/bin/sh\nexec asdf exec elixir\n", mode: 0o755)
            for version in ["1.9.4", "1.18.4-otp-27", "1.17.0"] {
                let root = home.appending(".asdf/installs/elixir/\(version)")
                let number = version.split(separator: "-")[0]
                try root.appending("lib/elixir/ebin/elixir.app")
                    .write("{application, elixir, [{description, \"x\"}, {vsn, \"\(number)\"}]}.")
            }
            let erlang = home.appending(".asdf/installs/erlang/27.3.4.1")
            try erlang.appending("releases/start_erl.data").write("15.2.7 27\n")
            try erlang.appending("releases/27/OTP_VERSION").write("27.3.4.1\n")
            let path = home.appending("shims").string
            let toolchain = try Toolchain.discover(environment: ["PATH": path, "HOME": home.string])
            #expect(toolchain.elixirVersion == "1.18.4")
            #expect(toolchain.otpVersion == "27.3.4.1")
            #expect(toolchain.ertsVersion == "15.2.7")
        }
    }
}
