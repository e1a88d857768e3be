import BuildpackAPI
import Commands
import Diagnostics
import Files
import Glibc
import MixInspection
import SystemPackage
import TestSupport
import Testing
import Toolchains

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Assets and native code")
    struct AssetsTests {
        /// A project whose `assets.deploy` is a function of mix.exs.
        private func files(
            _ deploy: String, setup: String? = nil, deps: String = "[]", extra: String = "",
            more: [String: String] = [:]
        ) -> [String: String] {
            let aliases = (setup == nil ? "" : "\"assets.setup\": [&setup/1], ") + "\"assets.deploy\": [&deploy/1]"
            var files = SmallApp.files(extra: ", aliases: [\(aliases)]\(extra)", deps: deps, more: more)
            let functions = """
                defp deploy(_) do
                    \(deploy)
                  end
                  defp setup(_) do
                    \(setup ?? ":ok")
                  end
                  def unused, do: setup(nil)
                  def application
                """
            files["mix.exs"] = files["mix.exs"]?.replacing("def application", with: functions)
            return files
        }

        private func deployed(_ bench: Workbench, _ path: String = "app.js") throws -> String {
            try bench.layers.appending("release/lib/small-0.1.0/priv/static").appending(path).readText()
        }

        @Test(
            "dependencies are compiled before assets.setup, the project before assets.deploy, and then comes the release"
        )
        func order() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let seen = "{Code.ensure_loaded?(Vendored), Code.ensure_loaded?(Small.Application)}"
                let dependency = [
                    "vendor/mix.exs":
                        "defmodule V.MixProject do\n  use Mix.Project\n  def project, do: [app: :vendored, version: \"1.0.0\"]\nend\n",
                    "vendor/lib/v.ex": "defmodule Vendored do\nend\n",
                ]
                try bench.write(
                    files(
                        "File.write!(\"priv/static/deploy\", inspect(\(seen)))",
                        setup: "File.mkdir_p!(\"priv/static\"); File.write!(\"priv/static/setup\", inspect(\(seen)))",
                        deps: "[{:vendored, path: \"vendor\"}]", more: dependency))
                _ = try await bench.build()
                #expect(try deployed(bench, "setup") == "{true, false}")
                #expect(try deployed(bench, "deploy") == "{true, true}")
                #expect(
                    bench.reports.commands.prefix(3) == [
                        "mix deps.loadpaths", "mix do deps.loadpaths + assets.setup",
                        "mix do deps.loadpaths + compile + assets.deploy",
                    ])
                bench.reports.clear()
                try bench.write(["lib/more.ex": "defmodule More do\nend\n"])
                _ = try await bench.build()
                #expect(bench.reports.commands.first == "mix do deps.loadpaths + compile + assets.deploy")
            }
        }

        @Test("the programs of esbuild and tailwind come from the project's own _build, and outlive a new compilation")
        func programs() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                let run = """
                    File.mkdir_p!("priv/static")
                        {text, 0} = System.cmd(Path.expand("_build/esbuild-linux-x64"), ["x"])
                        File.write!("priv/static/app.js", text)
                    """
                try bench.write(
                    files(run, more: ["lib/v.ex": "defmodule V do\n  @v System.get_env(\"V\")\n  def v, do: @v\nend\n"])
                )
                let program = bench.project.appending("_build/esbuild-linux-x64")
                try program.write("#!/bin/sh\necho bundled $1\n", mode: 0o755)
                _ = try await bench.build()
                #expect(try deployed(bench) == "bundled x\n")
                // It is gone from the project, and everything is compiled anew.
                try program.remove()
                bench.variables = ["V": "2"]
                bench.reports.clear()
                _ = try await bench.build()
                #expect(bench.reports.notices.contains { $0.contains("compiling everything again") })
                #expect(try deployed(bench) == "bundled x\n")
            }
        }

        @Test("packages of Node are installed once for the same package.json, before the assets")
        func node() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let package = [
                    "assets/package.json": "{\"dependencies\": {\"local\": \"file:./local\"}}",
                    "assets/local/package.json": "{\"name\": \"local\", \"version\": \"1.0.0\"}",
                    "assets/local/index.js": "from node",
                ]
                let deploy = """
                    File.mkdir_p!("priv/static")
                        File.cp!("assets/node_modules/local/index.js", "priv/static/app.js")
                    """
                try bench.write(files(deploy, more: package))
                _ = try await bench.build()
                #expect(try deployed(bench) == "from node")
                #expect(bench.reports.commands.first?.hasPrefix("npm install") == true)
                #expect(!bench.project.appending("assets/node_modules").isThere)
                bench.reports.clear()
                try bench.project.appending("lib/more.ex").write("defmodule More do\nend\n")
                _ = try await bench.build()
                #expect(!bench.reports.commands.contains { $0.hasPrefix("npm") })
                #expect(try deployed(bench) == "from node")
            }
        }

        /// A machine that lacks a program, whether or not this one has it: in a sandbox mix sees the system's folders,
        /// and without one only the PATH that it is given.
        private func without(_ program: String, in folder: FilePath) throws -> Workbench {
            let probe = SandboxProbe(program: "/nowhere/bwrap")
            var bench = Workbench(folder, runner: SubprocessCommandRunner(probe: probe))
            bench.environment["PATH"] = try bareMachinePath(in: folder.appending("tools"), without: [program])
            return bench
        }

        @Test(
            "what assets need and is not there stops the build before anything is compiled",
            arguments: [
                ("{\"dependencies\": {\"a\": \"1.0.0\"}}", "assets/yarn.lock", "yarn", "but yarn is not installed"),
                ("{\"dependencies\": ", "assets/x", "npm", "cannot read assets/package.json"),
            ])
        func missing(package: String, other: String, program: String, message: String) async throws {
            try await withTemporaryFolder { folder in
                let bench = try without(program, in: folder)
                try bench.write(files(":ok", more: ["assets/package.json": package, other: ""]))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.message.contains(message) == true, "\(String(describing: error))")
                #expect(error?.code == .cannotPlan)
                #expect(error?.place?.file == "assets/package.json")
                #expect(bench.reports.commands.isEmpty)
            }
        }

        @Test("a package.json without packages needs no Node")
        func noPackages() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(
                    files("File.mkdir_p!(\"priv/static\")", more: ["assets/package.json": "{\"dependencies\": {}}"]))
                _ = try await bench.build()
                #expect(!bench.reports.commands.contains { $0.hasPrefix("npm") })
            }
        }

        @Test("a manifest that the configuration names and the release has not is warned about at its line")
        func manifest() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let configuration = """
                    import Config
                    # config :small, cache_static_manifest: "priv/other.json"
                    config :small, Small.Endpoint,
                      cache_static_manifest: "priv/static/cache_manifest.json"

                    """
                try bench.write(files(":ok", more: ["config/config.exs": configuration]))
                _ = try await bench.build()
                let warnings = bench.reports.diagnostics.filter { $0.text.contains("cache_manifest.json") }
                #expect(warnings.map(\.line) == [4])
                #expect(warnings.first?.file == "config/config.exs")
                #expect(warnings.first?.advice?.contains("phx.digest") == true)
                let good = Workbench(folder.appending("good"))
                let deploy = "File.mkdir_p!(\"priv/static\"); File.write!(\"priv/static/cache_manifest.json\", \"{}\")"
                try good.write(files(deploy, more: ["config/config.exs": configuration]))
                _ = try await good.build()
                #expect(good.reports.diagnostics.isEmpty, "\(good.reports.diagnostics)")
            }
        }

        @Test(
            "a program that could not be fetched is named with its address and what to do",
            arguments: [
                (
                    "** (RuntimeError) couldn't fetch https://registry.npmjs.org/@esbuild/linux-x64/0.17.11: nxdomain",
                    "https://registry.npmjs.org/@esbuild/linux-x64/0.17.11", "config :esbuild, path:"
                ),
                (
                    "** (RuntimeError) Couldn't fetch https://github.com/tailwindlabs/tailwindcss/releases/download/v3.4.3/tailwindcss-linux-x64: {:error, 1}",
                    "releases/download/v3.4.3/tailwindcss-linux-x64 from this machine", "_build/tailwind-*"
                ),
                (
                    "Error while downloading precompiled NIF: couldn't fetch NIF from https://example.org/x.so.tar.gz with HTTP",
                    "cannot fetch https://example.org/x.so.tar.gz", "HTTPS_PROXY"
                ),
            ])
        func blocked(output: String, url: String, advice: String) {
            let text = MixAdvice.blockedDownload("some lines\n\(output)\nmore lines\n")
            #expect(text?.contains(url) == true)
            #expect(text?.contains(advice) == true)
        }

        @Test("an output without a failed download has no such advice")
        func notBlocked() {
            #expect(MixAdvice.blockedDownload("see https://hexdocs.pm for more\n** (Mix) failed") == nil)
        }

        // MARK: - Native code

        @Test(
            "evidence of native code says which compilers are needed",
            arguments: [
                (["rustler"], ["cargo"]), (["native/fast"], ["cargo"]), (["apps/web/native/fast"], ["cargo"]),
                (["c_src"], ["cc"]), (["elixir_make"], ["make", "cc"]), (["vendor/port: port_specs"], ["cc"]),
                (["rustler_precompiled"], []), (["cc_precompiler", "elixir_make", "c_src"], ["make", "cc"]), ([], []),
            ])
        func compilers(evidence: [String], programs: [String]) {
            #expect(NativeTools.needs(evidence).map(\.program) == programs)
            let missing = NativeTools.findings(
                evidence, searchPath: "/nonexistent", packages: PackageManager([:]))
            #expect(missing.count == programs.count)
            #expect(missing.allSatisfy { $0.severity == .warning && $0.advice?.contains("install") == true })
        }

        @Test("a missing compiler is named before the build begins")
        func missingCompiler() async throws {
            try await withTemporaryFolder { folder in
                let bench = try without("cargo", in: folder)
                try bench.write(SmallApp.files(more: ["native/fast/Cargo.toml": "[package]\nname = \"fast\"\n"]))
                _ = try await bench.build()
                let index = bench.reports.reports.firstIndex {
                    if case .diagnostic(let found) = $0 {
                        found.text == "native code (native/fast) needs cargo, which is not installed"
                    } else {
                        false
                    }
                }
                let command = bench.reports.reports.firstIndex { if case .commandStarted = $0 { true } else { false } }
                #expect(try #require(index) < #require(command))
            }
        }

        @Test("native code in C, and in Rust where rustup has it in the user's home, is compiled in the sandbox")
        func native() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                let home = folder.appending("home")
                bench.environment["HOME"] = home.string
                try home.appending(".rustup/toolchain").write("")
                // Stands for cargo: what it makes says what it saw.
                try home.appending(".cargo/bin/cargo").write(
                    """
                    #!/bin/sh -eu
                    ls "$RUSTUP_HOME"
                    mkdir -p "$2"
                    printf '#!/bin/sh\\necho fast %s\\n' "$CARGO_HOME" >"$2/fast"
                    chmod +x "$2/fast"
                    """, mode: 0o755)
                let path = bench.environment["PATH"] ?? ""
                bench.environment["PATH"] = "\(home.appending(".cargo/bin")):\(path)"
                let rust = """
                    {seen, 0} = System.cmd("cargo", ["--target-dir", Path.expand("_build/rust")], cd: "native/fast")
                        "toolchain\\n" = seen
                        File.cp!("_build/rust/fast", "priv/static/fast")
                    """
                let deploy = """
                    File.mkdir_p!("priv/static")
                        {_, 0} = System.cmd("cc", ["-shared", "-o", "priv/static/c.so", "c_src/c.c"], stderr_to_stdout: true)
                        \(rust)
                    """
                try bench.write(
                    files(
                        deploy,
                        more: [
                            "c_src/c.c": "int one(void) { return 1; }\n",
                            "native/fast/Cargo.toml":
                                "[package]\nname = \"fast\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
                            "native/fast/src/main.rs": "fn main() { println!(\"fast\"); }\n",
                        ]))
                _ = try await bench.build()
                let place = bench.layers.appending("release/lib/small-0.1.0/priv/static")
                #expect(try place.appending("c.so").readBytes().starts(with: [0x7f, 0x45, 0x4c, 0x46]))
                // What cargo fetches goes to a home of its own.
                #expect(try await run(place.appending("fast")).succeeded().lines == ["fast /mixpack/home/.cargo"])
                #expect(!bench.reports.diagnostics.contains { $0.text.contains("cargo") })
            }
        }
    }
}

@Suite("The manifest of digested assets")
struct CacheManifestTests {
    @Test("says the same of the same files, whenever phx.digest ran")
    func times() throws {
        try withTemporaryFolder { folder in
            let release = folder.appending("release")
            let manifest = release.appending("lib/demo-0.1.0/priv/static/cache_manifest.json")
            var texts: [String] = []
            for time in [63_900_000_001, 63_900_000_777] {
                try manifest.write(#"{"digests":{"a.css":{"mtime":\#(time),"size":12}},"version":1}"#)
                try CacheManifest(project: folder, configFolder: "config").settleTimes(in: release)
                texts.append(try manifest.readText())
            }
            #expect(texts[0] == texts[1])
            #expect(texts[0] == #"{"digests":{"a.css":{"mtime":62482752000,"size":12}},"version":1}"#)
        }
    }
}
