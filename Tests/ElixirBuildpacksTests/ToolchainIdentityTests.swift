import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import Toolchains

@Suite("What tells one toolchain from another")
struct ToolchainIdentityTests {
    private func toolchain(_ folder: FilePath, kernel: String = "beam") throws -> Toolchain {
        let (elixir, erlang) = (folder.appending("elixir"), folder.appending("erlang"))
        try elixir.appending("lib/elixir/ebin/Elixir.Kernel.beam").write(kernel)
        try erlang.appending("lib/compiler-8.2/ebin/compile.beam").write("compiler")
        try erlang.appending("lib/wx-2.2/ebin/wx.beam").write(folder.string)
        return Toolchain(
            elixirVersion: "1.14.0", otpVersion: "25.2.3", ertsVersion: "13.1.5", elixirRoot: elixir,
            erlangRoot: erlang)
    }

    @Test("the same files are the same toolchain in whichever folder; another byte of the compiler is another one")
    func words() throws {
        try withTemporaryFolder { folder in
            let one = try ToolchainIdentity(toolchain(folder.appending("one"))).words
            let other = try ToolchainIdentity(toolchain(folder.appending("two/deep"))).words
            #expect(one == other && !one.contains { $0.contains(folder.string) })
            #expect(try ToolchainIdentity(toolchain(folder.appending("one"), kernel: "other")).words != one)
        }
    }

    @Test("toolchains of other machines are taken only if they run with this one's C library")
    func fitting() {
        #expect(ToolchainSupply.runsHere("elixir-1.18.4-otp-27"))
        #expect(!ToolchainSupply.runsHere("otp-27.3-ubuntu-99.04"))
        #expect(!ToolchainSupply.runsHere("otp-27.3"))
    }
}
