import Commands
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import Toolchains

extension RealMix {
    @Suite("Clean builds give the same beams")
    struct RepeatableBeamsTests {
        /// A macro with the trouble of LiveView's engine: what counts for the whole VM ends in code.
        private static let engine = """
            defmodule NAME do
              defmacro stamp(count) do
                variables = for _ <- 1..count, do: Macro.unique_var(:x, __MODULE__)
                {:erlang.phash2(variables), count}
              end
            end
            """

        private static func user(_ name: String, _ engine: String, _ count: Int) -> String {
            """
            defmodule \(name) do
              require \(engine)
              def first, do: \(engine).stamp(3)
              def second, do: \(engine).stamp(\(count))
            end
            """
        }

        private static func files(_ prefix: String) -> [String: String] {
            var files = ["lib/engine.ex": engine.replacing("NAME", with: "\(prefix).Engine")]
            for number in 1...6 {
                files["lib/user\(number).ex"] = user("\(prefix).User\(number)", "\(prefix).Engine", number)
            }
            return files
        }

        private static let mirror = Task {
            let mix = """
                defmodule Words.MixProject do
                  use Mix.Project
                  def project, do: [app: :words, version: "0.1.0"]
                end
                """
            let files = RepeatableBeamsTests.files("Words").merging(["mix.exs": mix]) { $1 }
            return try await HexMirror(
                in: try makeTemporaryFolder().appending("hex"), packages: [.init("words", "0.1.0", files: files)])
        }

        /// The digest of all beams in the release.
        private func beams(_ bench: Workbench) throws -> String {
            var digest = try MessageDigest()
            for layer in ["deps", "release"] {
                let folder = bench.layers.appending(layer)
                var open = [folder]
                while let place = open.popLast() {
                    for name in place.names.sorted() {
                        let path = place.appending(name)
                        if path.kind == .folder { open.append(path) }
                        guard name.hasSuffix(".beam"), path.kind == .file else { continue }
                        try digest.update(Array("\(name) \(try MessageDigest.hex(ofFile: path))\n".utf8))
                    }
                }
            }
            return try digest.finish()
        }

        @Test("clean builds of a project and its dependency have one digest", .timeLimit(.minutes(10)))
        func repeated() async throws {
            let mirror = try await Self.mirror.value
            let server = try FileServer(serving: mirror.folder)
            let lock = mirror.lock("words")
            try await withTemporaryFolder { folder in
                var digests: Set<String> = []
                for number in 1...(Soak.isOn ? 10 : 3) {
                    var bench = Workbench(folder.appending("\(number)"))
                    bench.settings = DownloadSettings(builds: server.url, hex: server.url)
                    bench.dependencies = folder.appending("store-\(number)")
                    let more = Self.files("Small").merging(["mix.lock": lock]) { $1 }
                    try bench.write(SmallApp.files(deps: "[{:words, \"~> 0.1\"}]", more: more))
                    _ = try await bench.build()
                    digests.insert(try beams(bench))
                    removeTree(folder.appending("\(number)"))
                }
                #expect(digests.count == 1)
            }
        }

        @Test(
            "a VM has what mix needs, although nothing has called it; since Elixir 1.15 its root is named, not each path",
            arguments: [false, true])
        func preload(namesRoot: Bool) async throws {
            try await withTemporaryFolder { folder in
                let machine = ProjectToolchain(
                    of: folder, variables: [:], environment: ["PATH": ProgramLookup.systemPath], supply: nil)
                let toolchain = try #require(machine.machine)
                let helper = try await RepeatableBeams(
                    toolchain: toolchain, root: folder, runner: SubprocessCommandRunner()
                ).helper()
                let names = try helper.folder.appending("toolchain.modules").readText().split(separator: "\n")
                #expect(names.contains("Elixir.Mix.Release") && names.contains("systools") && names.count > 100)
                let wait =
                    "Wait = fun(F, N) -> case code:is_loaded('Elixir.Mix.Release') of false when N > 0 -> "
                    + "timer:sleep(50), F(F, N - 1); Answer -> Answer =/= false end end, "
                    + "io:format(\"~p\", [Wait(Wait, 200)]), halt(0)."
                let end = try await run(
                    toolchain.erlangRoot.appending("bin/erl"),
                    ["-noshell", "-pa", helper.folder.string]
                        + (namesRoot ? ["elixir"] : ["elixir", "mix"])
                        .map { toolchain.elixirRoot.appending("lib/\($0)/ebin").string }
                        + (namesRoot ? ["-elixir_root", toolchain.elixirRoot.appending("lib").string] : [])
                        + ["-s", RepeatableBeams.module, "start", "/nonexistent", "-eval", wait],
                    environment: ["ERL_CRASH_DUMP_SECONDS": "0"]
                ).succeeded()
                #expect(end.output == "true")
            }
        }

        @Test("a toolchain whose module has another form gets no helper, and the reason is said")
        func fallback() async throws {
            try await withTemporaryFolder { folder in
                let elixir = folder.appending("elixir")
                try elixir.appending("lib/elixir/ebin/elixir_module.beam").write("another form")
                let toolchain = Toolchain(
                    elixirVersion: "9.0.0", otpVersion: "25.0", ertsVersion: "13.0", elixirRoot: elixir,
                    erlangRoot: "/usr/lib/erlang")
                let beams = RepeatableBeams(
                    toolchain: toolchain, root: folder.appending("helpers"), runner: SubprocessCommandRunner())
                let failure = await #expect(throws: Failure.self) { try await beams.helper() }
                #expect(failure?.message.contains("not_a_beam_file") == true, "\(failure?.message ?? "")")
                #expect(folder.appending("helpers").names.isEmpty)
            }
        }
    }
}

@Suite("Names that become atoms")
struct CodeWordsTests {
    @Test("identifiers, keys, quoted keys and the modules of aliases, without strings' punctuation")
    func words() {
        var words = CodeWords()
        words.add(Array("defmodule A.Bé do @x %{\"data-id\": :go?, n1: 2.5} \"a b\" :\"c d\" end".utf8))
        #expect(
            words.words == [
                "defmodule", "A", "Bé", "Elixir.A", "Elixir.A.Bé", "do", "x", "data-id", "data", "id", "go?", "n1", "a",
                "b", "c d", "c", "d", "end",
            ])
    }

    @Test("a new word leaves the order of the others")
    func order() {
        var words = CodeWords()
        words.add(Array("zeta alpha".utf8))
        #expect(words.lines == "alpha\nzeta\n")
        words.add(Array("Omega middle".utf8))
        #expect(words.lines == "Elixir.Omega\nOmega\nalpha\nmiddle\nzeta\n")
    }
}
