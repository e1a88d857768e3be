import BuildpackAPI
import Commands
import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Building a release")
    struct MixReleaseBuildTests {
        @Test("hello becomes three layers, process web and nothing else")
        func hello() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.bring(sample: "hello")
                let before = try bench.project.tree()
                let result = try await bench.build()
                #expect(result.layers.map(\.name) == ["base", "base-native", "release", "app"])
                #expect(result.layers.map(\.types) == [.launch, .launch, .launch, .cache])
                let program = "/layers/io.github.carlo-colombo.mix-release/release/bin/hello"
                #expect(
                    result.processes == [ProcessType("web", command: [program], arguments: ["start"], isDefault: true)])
                #expect(result.compiledSecrets.isEmpty)
                #expect(result.requiredVariables.isEmpty)
                #expect(result.exposedPorts.isEmpty)
                #expect(result.labels["io.mixpack.release"] == "hello")
                #expect(try bench.project.tree() == before)
                let tree = try bench.layers.appending("release").tree()
                #expect(tree.contains("bin/hello"))
                #expect(tree.contains("lib/hello-0.1.0/ebin/Elixir.Hello.beam"))
                #expect(!tree.contains { $0.hasSuffix("mix.exs") || $0.hasSuffix(".ex") || $0.contains("COOKIE") })
                #expect(bench.reports.commands.count == 1)
                #expect(bench.reports.notices.isEmpty)
                #expect(!bench.layers.appending(".assembled").isThere)
            }
        }

        @Test("In memory the launch layers are the same as on the disk, where none of them stays")
        func inMemory() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                try bench.bring(sample: "hello")
                let first = try await bench.build()
                let made = folder.appending("made")
                try made.makeFolder()
                for layer in first.layers where layer.types == .launch {
                    try bench.layers.appending(layer.name).copyTree(to: made.appending(layer.name))
                }
                let memory = try #require(SharedMemory().folder(forBytes: 64 << 20))
                defer { memory.remove() }
                bench.launchMemory = memory.path
                let result = try await bench.build()
                #expect(result.layers.map(\.name) == ["base", "base-native", "release", "app"])
                for layer in result.layers where layer.types == .launch {
                    #expect(layer.folder == memory.path.appending(layer.name))
                    #expect(memory.path.appending(layer.name).isSameTree(as: made.appending(layer.name)))
                    #expect(!bench.layers.appending(layer.name).isThere)
                }
                #expect(!memory.path.appending(".assembled").isThere)
                #expect(result.layers.last?.folder == nil && bench.layers.appending("app/mix.exs").isThere)
                #expect(result.bills == first.bills)
            }
        }

        @Test("One release of an umbrella holds its own children and not the others (case 3)")
        func umbrella() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.variables = ["RELEASE": "web_rel"]
                try bench.bring(sample: "umbrella")
                let result = try await bench.build()
                let applications = try bench.layers.appending("release/lib").names().filter { name in
                    bench.layers.appending("release/lib/\(name)").linkTarget == nil
                }
                #expect(applications == ["core-0.2.0", "web-0.2.0"])
                #expect(!bench.layers.appending("release/lib").names.contains { $0.hasPrefix("worker") })
                #expect(result.processes.first?.command.first?.hasSuffix("/release/bin/web_rel") == true)
                #expect(result.requiredVariables == ["SECRET_KEY_BASE"])
                #expect(result.imageEnvironment["PORT"] == "4000")
                #expect(result.exposedPorts == [4000])
            }
        }

        @Test("All releases of an umbrella share the base layer, in whatever order they are built (case 4)")
        func shared() async throws {
            try await withTemporaryFolder { folder in
                var bases: [[String: String]] = []
                for name in ["worker_rel", "web_rel"] {
                    var bench = Workbench(folder.appending(name))
                    bench.variables = ["RELEASE": name]
                    try bench.bring(sample: "umbrella")
                    _ = try await bench.build()
                    bases.append(try await contents(of: bench).filter { $0.key.hasPrefix("base") })
                }
                #expect(bases[0] == bases[1])
                #expect(bases[0].keys.contains { $0.hasPrefix("base/lib/crypto-") })
                #expect(bases[0].keys.contains { $0.hasPrefix("base-native/lib/crypto-") })
                let worker = folder.appending("worker_rel/cache/layers/io.github.carlo-colombo.mix-release/release/lib")
                #expect(!worker.names.contains { $0.hasPrefix("crypto-") })
            }
        }

        @Test("The same project in two places gives the same bytes, and an edit changes only the release (case 20)")
        func reproducible() async throws {
            try await withTemporaryFolder { folder in
                let one = Workbench(folder.appending("one"))
                let two = Workbench(folder.appending("further down/two"))
                for bench in [one, two] {
                    try bench.bring(sample: "hello")
                    try bench.project.appending("lib/place.ex").write(
                        "defmodule Place do\n  def here, do: __DIR__\nend\n")
                    _ = try await bench.build()
                }
                let first = try await contents(of: one)
                #expect(try await contents(of: two) == first)
                let file = one.project.appending("lib/hello.ex")
                try file.write(
                    try file.readText().replacing("defmodule Hello do", with: "defmodule Hello do\n  def new, do: 1"))
                let result = try await one.build()
                #expect(result.layers.first { $0.name == "release" }?.reason == "lib/hello.ex changed")
                let second = try await contents(of: one)
                let changed = Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }
                #expect(changed == ["release/lib/hello-0.1.0/ebin/Elixir.Hello.beam"])
            }
        }

        @Test("An edit right after a build, of the same size, is not missed")
        func quickEdit() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(SmallApp.files(more: ["lib/v.ex": "defmodule V do\n  def v, do: \"value-1\"\nend\n"]))
                for value in 1...3 {
                    // As if the compilation before had been in this very second, or a later one by a clock set back.
                    let records = bench.layers.appending("app/_build/prod/lib/small/.mix")
                    for name in records.names {
                        try records.appending(name).setModified(Int64(time(nil) + 1) * 1_000_000_000)
                    }
                    try bench.forgetKeptFiles()
                    try bench.project.appending("lib/v.ex").write(
                        "defmodule V do\n  def v, do: \"value-\(value)\"\nend\n")
                    _ = try await bench.build()
                    #expect(try await evaluate("V.v()", bench) == "value-\(value)")
                }
            }
        }

        @Test(
            "Compiled code that something else has changed since the last build is made again, and the user reads why")
        func changedCache() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(SmallApp.files(more: ["lib/v.ex": "defmodule V do\n  def v, do: \"value-1\"\nend\n"]))
                _ = try await bench.build()
                let first = try await contents(of: bench)
                let ebin = bench.layers.appending("app/_build/prod/lib/small/ebin")
                try Corruption.flip(ebin.appending("Elixir.V.beam"))
                bench.reports.clear()
                _ = try await bench.build()
                #expect(try await contents(of: bench) == first)
                #expect(
                    bench.reports.notices.contains { $0.hasPrefix("something else has written to \(bench.layers)/app") }
                )
                bench.reports.clear()
                let stamp = FileStamp(of: ebin.appending("Elixir.V.beam"))
                _ = try await bench.build()
                #expect(!bench.reports.notices.contains { $0.contains("something else") })
                #expect(FileStamp(of: ebin.appending("Elixir.V.beam")) == stamp)
            }
        }

        @Test("A loop of links in priv is named, and the next build works in the same cache")
        func linkLoop() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(SmallApp.files(more: ["priv/file": "x"]))
                let loop = bench.project.appending("priv/loop")
                try loop.makeLink(to: "..")
                for _ in 0..<2 {
                    let error = await #expect(throws: Failure.self) { try await bench.build() }
                    #expect(error?.advice?.contains("remove the link") == true, "\(error?.advice ?? "")")
                }
                try loop.remove()
                let result = try await bench.build()
                #expect(result.layers.contains { $0.name == "release" })
            }
        }

        @Test("A removed module is gone from the release, and so is a removed overlay")
        func removes() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: [
                        "lib/old.ex": "defmodule Old do\nend\n", "rel/overlays/bin/tool": "#!/bin/sh\n",
                    ]))
                _ = try await bench.build()
                let release = bench.layers.appending("release")
                #expect(release.appending("bin/tool").isThere)
                removeTree(bench.project.appending("lib/old.ex"))
                removeTree(bench.project.appending("rel"))
                _ = try await bench.build()
                #expect(!release.appending("bin/tool").isThere)
                #expect(!release.appending("lib/small-0.1.0/ebin/Elixir.Old.beam").isThere)
                #expect(release.appending("lib/small-0.1.0/ebin/Elixir.Small.Application.beam").isThere)
            }
        }

        @Test("A changed value of a build variable leaves no old one behind; a run variable's change compiles nothing")
        func variables() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: [
                        "lib/v.ex": "defmodule V do\n  @v System.get_env(\"BUILD_VALUE\")\n  def v, do: @v\nend\n",
                        "config/config.exs": "import Config\nconfig :small, key: System.get_env(\"BUILD_VALUE\")\n",
                        "config/runtime.exs": "import Config\nSystem.get_env(\"RUN_VALUE\")\n",
                    ]))
                bench.variables = ["BUILD_VALUE": "first-value", "RUN_VALUE": "a"]
                _ = try await bench.build()
                #expect(try await evaluate("V.v()", bench) == "first-value")
                bench.reports.clear()
                bench.variables["RUN_VALUE"] = "b"
                _ = try await bench.build()
                #expect(!bench.reports.output.contains("Compiling"))
                #expect(bench.reports.notices.isEmpty)
                bench.variables["BUILD_VALUE"] = "second-value"
                _ = try await bench.build()
                #expect(bench.reports.notices.contains { $0.contains("compiling everything again") })
                #expect(try await evaluate("V.v()", bench) == "second-value")
                #expect(try await evaluate("Application.get_env(:small, :key)", bench) == "second-value")
            }
        }

        @Test("A broken module ends the build with its place, and the layers before stand (case 16)")
        func broken() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(SmallApp.files())
                _ = try await bench.build()
                let before = try await contents(of: bench)
                try bench.project.appending("lib/broken.ex").write("defmodule Broken do\n  def a, do: }\nend\n")
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.code == .commandFailed)
                #expect(
                    error?.message.contains("}") == true && error?.message.contains("status") == false,
                    "\(String(describing: error))")
                #expect(error?.place?.file == "lib/broken.ex")
                #expect(error?.place?.line == 2)
                #expect(bench.reports.diagnostics.contains { $0.severity == .error && $0.file == "lib/broken.ex" })
                #expect(try await contents(of: bench) == before)
                #expect(!bench.layers.appending(".assembled").isThere)
                removeTree(bench.project.appending("lib/broken.ex"))
                _ = try await bench.build()
                #expect(try await contents(of: bench) == before)
            }
        }

        @Test(
            "A variable that the configuration needs and is not given stops the build before anything is compiled",
            arguments: [
                ("REGION", "-e REGION=VALUE"), ("SECRET_KEY_BASE", "--secret SECRET_KEY_BASE"),
            ])
        func missingVariable(name: String, advice: String) async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: [
                        "config/config.exs": "import Config\n\nconfig :small, value: System.fetch_env!(\"\(name)\")\n"
                    ]))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.code == .cannotPlan)
                #expect(error?.message == "\(name) is read when the project is built, and you did not give it")
                #expect(error?.place == Place("config/config.exs", line: 3))
                #expect(error?.advice?.contains(advice) == true)
                #expect(!bench.reports.output.contains("Generated"))
            }
        }

        @Test("A secret that configuration reads at build time is told with its place and labelled (case 17)")
        func secrets() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: [
                        "config/config.exs":
                            "import Config\n\nconfig :small, secret: System.get_env(\"SECRET_KEY_BASE\")\n"
                    ]))
                bench.variables = ["SECRET_KEY_BASE": "s3cret-s3cret-s3cret", "OTHER_TOKEN": "unused"]
                bench.secrets = ["SECRET_KEY_BASE", "OTHER_TOKEN"]
                let result = try await bench.build()
                let read = try #require(result.compiledSecrets.first)
                #expect(result.compiledSecrets.count == 1)
                #expect(read.name == "SECRET_KEY_BASE")
                #expect(read.kind == .configuration)
                #expect("\(read.file):\(read.line)" == "config/config.exs:3")
                #expect(read.endings.contains("sys.config"))
                let warning = bench.reports.diagnostics.first { $0.file == "config/config.exs" && $0.line == 3 }
                #expect(warning?.severity == .warning)
                #expect(warning?.advice?.contains("config/runtime.exs") == true)
                #expect(try await !grep("s3cret-s3cret", in: bench.cache))
            }
        }

        @Test("With DEBUG every command is told as it is run, without its secrets")
        func debug() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.variables = ["DEBUG": "1", "MY_TOKEN": "tok-tok-tok"]
                bench.secrets = ["MY_TOKEN"]
                try bench.write(SmallApp.files())
                _ = try await bench.build()
                let line = try #require(bench.reports.output.split(separator: "\n").first { $0.hasPrefix("+ ") })
                #expect(line.contains("cd /workspace"))
                #expect(line.contains("MIX_ENV=prod"))
                #expect(line.contains("mix release --path /mixpack/output/release --overwrite"))
                #expect(!bench.reports.output.contains("tok-tok-tok"))
            }
        }

        @Test("Without a sandbox the release is made all the same, and one line says what that costs")
        func unsandboxed() async throws {
            try await withTemporaryFolder { folder in
                let runner = SubprocessCommandRunner(probe: SandboxProbe(program: "/nowhere/bwrap"))
                let bench = Workbench(folder, runner: runner)
                try bench.write(SmallApp.files())
                let result = try await bench.build()
                #expect(result.layers.map(\.name) == ["base", "base-native", "release", "app"])
                // The test's folder has a blank in its name, which costs more.
                let costs = bench.reports.notices.filter { !$0.contains("has blanks") }
                #expect(costs.count == 1)
                #expect(costs.first?.hasPrefix("no sandbox: digests may depend on the project") == true)
            }
        }

        @Test("A cancelled build stops mix and leaves no half-made layer")
        func cancelled() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: ["lib/slow.ex": "IO.puts(\"slow now\")\nProcess.sleep(60_000)\n"]))
                let build = Task { try await bench.build() }
                await bench.reports.outputContains("slow now")
                build.cancel()
                await #expect(throws: CancellationError.self) { try await build.value }
                #expect(!bench.layers.appending(".assembled").isThere)
                #expect(!bench.layers.appending("release").isThere)
            }
        }

        @Test("Warnings of the compiler are told with their places, and progress in numbers")
        func warnings() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    SmallApp.files(more: ["lib/w.ex": "defmodule W do\n  def w do\n    x = 1\n    2\n  end\nend\n"]))
                _ = try await bench.build()
                #expect(
                    bench.reports.diagnostics.contains {
                        $0.severity == .warning && $0.file == "lib/w.ex" && $0.line == 3
                    })
                #expect(bench.reports.reports.contains(.progress(step: "compiling small", done: 0, total: 2)))
                #expect(bench.reports.reports.contains(.progress(step: "compiling small", done: 2, total: 2)))
            }
        }

        @Test("assets.deploy runs between compiling and the release")
        func assets() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let aliases = """
                    , aliases: ["assets.setup": ["run --no-start -e 'IO.puts(:assets_setup)'"],
                    "assets.deploy": [&deploy/1]]
                    """
                var files = SmallApp.files(extra: aliases)
                files["mix.exs"] = files["mix.exs"]?.replacing(
                    "def application",
                    with: """
                        defp deploy(_) do
                          true = Code.ensure_loaded?(Small.Application)
                          File.mkdir_p!("priv/static")
                          File.write!("priv/static/app.js", "deployed")
                        end
                          def application
                        """)
                try bench.write(files)
                _ = try await bench.build()
                #expect(
                    try bench.layers.appending("release/lib/small-0.1.0/priv/static/app.js").readText() == "deployed")
                #expect(!bench.project.appending("priv").isThere)
                // assets.setup has the network, so it runs by itself, once the dependencies are compiled.
                let commands = bench.reports.commands
                let setup = commands.firstIndex { $0.contains("assets.setup") } ?? 0
                let deploy = commands.firstIndex { $0.contains("assets.deploy") } ?? 0
                #expect(commands.count == 4 && 0 < setup && setup < deploy, "\(commands)")
            }
        }

        /// A digest of every file and link of the launch layers, by path.
        private func contents(of bench: Workbench) async throws -> [String: String] {
            let script = """
                for layer in base base-native deps release; do [ -d $layer ] || continue
                find $layer \\( -type f -exec sha256sum {} + \\) , \\( -type l -printf '%l  %p\\n' \\); done
                """
            let end = try await run("/bin/sh", ["-c", script], workingDirectory: bench.layers).succeeded()
            let pairs = end.lines.map { line in
                let words = line.components(separatedBy: "  ")
                return (words.dropFirst().joined(separator: "  "), words.first ?? "")
            }
            return Dictionary(pairs, uniquingKeysWith: { $1 })
        }

        /// What an expression is in the release.
        private func evaluate(_ expression: String, _ bench: Workbench) async throws -> String {
            let program = bench.layers.appending("release/bin/small")
            let script = "Application.load(:small); IO.puts(\(expression))"
            let environment = ["RELEASE_TMP": bench.folder.string, "RELEASE_DISTRIBUTION": "none"]
            return try await run(program, ["eval", script], environment: environment).succeeded().lines.last ?? ""
        }

        private func grep(_ text: String, in folder: FilePath) async throws -> Bool {
            try await run("/usr/bin/grep", ["-rqaF", text, folder.string]).status == 0
        }
    }
}

extension String {
    /// The parts between separators.
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
