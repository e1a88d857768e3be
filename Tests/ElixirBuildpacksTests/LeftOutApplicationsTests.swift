import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection

@Suite("Applications that code calls and the release has not")
struct LeftOutApplicationsTests {
    @Test("A call of a dependency with runtime: false is a warning at its module; a task's or a macro's is none")
    func warns() async throws {
        try await withTemporaryFolder { folder in
            let compiled = folder.appending("_build/prod/lib")
            try await compile(
                "defmodule Left do\n  def call, do: 1\n  defmacro code, do: 2\nend", to: compiled.appending("left/ebin")
            )
            let own = """
                defmodule MyApp.Plain do
                  require Left
                  def a, do: Left.code()
                end

                defmodule MyApp.Calls do
                  def a, do: Left.call()
                end

                defmodule Mix.Tasks.MyApp.Gen do
                  def run(_), do: Left.call()
                end
                """
            try folder.appending("lib/my_app.ex").write(own)
            try await compile(own, to: compiled.appending("my_app/ebin"), seeing: compiled.appending("left/ebin"))
            let release = folder.appending("release")
            try release.appending("lib/my_app-0.1.0/ebin/my_app.app").write("")
            let project = MixProject(kind: .application, evidence: .evaluated, app: "my_app")
            let check = LeftOutApplications(project: project, compiled: compiled, sources: folder)
            #expect(
                check.findings(in: release) == [
                    Diagnostic(
                        .warning, "MyApp.Calls calls Left.call/0, and its application :left is not in the release",
                        file: "lib/my_app.ex", line: 6, advice: "remove runtime: false from :left in mix.exs")
                ])
            try release.appending("lib/left-0.1.0/ebin/left.app").write("")
            #expect(check.findings(in: release) == [])
        }
    }

    @Test("Atoms are read with lengths of one byte and with packed ones, as OTP has them since 28")
    func packedAtoms() {
        let long = String(repeating: "x", count: 300)
        let names = ["m", "lists", long]
        let plain = names.dropLast().flatMap { [UInt8($0.utf8.count)] + $0.utf8 }
        let packed: [UInt8] = [1 << 4] + "m".utf8 + [5 << 4] + "lists".utf8 + [0b0010_1000, 44] + long.utf8
        let old = beam(atoms: number(2) + plain, imports: number(1) + number(2) + number(1) + number(3))
        let new = beam(
            atoms: number(UInt32(bitPattern: -3)) + packed, imports: number(1) + number(2) + number(3) + number(0))
        #expect(BeamImports(old).functions == [BeamImports.Function(module: "lists", name: "m", arity: 3)])
        #expect(BeamImports(new).functions == [BeamImports.Function(module: "lists", name: long, arity: 0)])
    }

    @Test("A file that is cut off or lies about its sizes has no calls, or those that can be read")
    func badFiles() {
        let good = beam(atoms: number(1) + [1, 0x6d], imports: number(1) + number(1) + number(1) + number(0))
        #expect(BeamImports(good).functions.count == 1)
        for count in 0..<good.count { #expect(BeamImports(Array(good.prefix(count))).functions.count <= 1) }
        for index in good.indices {
            var changed = good
            changed[index] = 0xff
            #expect(BeamImports(changed).functions.count <= 1)
        }
    }

    private func compile(_ source: String, to folder: FilePath, seeing other: FilePath? = nil) async throws {
        try folder.makeFolders()
        let file = folder.removingLastComponent().appending("source.ex")
        try file.write(source)
        let path = other.map { ["-pa", $0.string] } ?? []
        _ = try await run("/usr/bin/elixirc", path + ["-o", folder.string, file.string]).succeeded()
    }

    private func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        Array(name.utf8) + number(UInt32(bytes.count)) + bytes + Array(repeating: 0, count: -bytes.count & 3)
    }

    private func beam(atoms: [UInt8], imports: [UInt8]) -> [UInt8] {
        let chunks = chunk("AtU8", atoms) + chunk("ImpT", imports)
        return Array("FOR1".utf8) + number(UInt32(chunks.count + 4)) + Array("BEAM".utf8) + chunks
    }
}
