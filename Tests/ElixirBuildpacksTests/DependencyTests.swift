import BuildpackAPI
import Commands
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Toolchains

@testable import ElixirBuildpacks
@testable import MixInspection

extension RealMix {
    @Suite("Dependencies of a release")
    struct DependencyTests {
        @Test("Out of reach, Hex is one clear error, and nothing prompts (case 11)")
        func noHex() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                bench.variables = ["HEX_BUILDS_URL": "http://127.0.0.1:9", "HEX_MIRROR": "http://127.0.0.1:9"]
                try bench.write(SmallApp.files(deps: "[{:jason, \"~> 1.4\"}]"))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.code == .commandFailed)
                #expect(error?.message.hasPrefix("cannot reach hex") == true)
                #expect(error?.advice?.contains("HTTPS_PROXY") == true)
                #expect(error?.message.contains("\n") == false)
                #expect(bench.reports.commands.isEmpty)
                #expect(!bench.reports.output.contains("[Yn]"))
            }
        }

        @Test("A rebar3 dependency by path goes into its own layer (case 14)")
        func rebar() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                var files = SmallApp.files(deps: "[{:rebdep, path: \"vendor/rebdep\"}]")
                files["vendor/rebdep/rebar.config"] = "{erl_opts, [debug_info]}.\n"
                files["vendor/rebdep/src/rebdep.app.src"] = """
                    {application, rebdep, [{vsn, "0.3.0"}, {description, "d"}, {applications, [kernel, stdlib]}]}.
                    """
                files["vendor/rebdep/src/rebdep.erl"] = "-module(rebdep).\n-export([x/0]).\nx() -> ?FILE.\n"
                try bench.write(files)
                let result = try await bench.build()
                #expect(result.layers.map(\.name) == ["base", "base-native", "deps", "release", "app"])
                #expect(bench.layers.appending("deps/lib/rebdep-0.3.0/ebin/rebdep.beam").isThere)
                #expect(bench.layers.appending("release/lib/rebdep-0.3.0").linkTarget == "../../deps/lib/rebdep-0.3.0")
            }
        }

        @Test("Without rebar3 the advice says how to get it")
        func noRebar() {
            let project = MixProject(kind: .application, evidence: .evaluated, app: "a")
            let output = "** (Mix) \"rebar3\" … Could not find \"rebar3\", which is needed"
            #expect(MixAdvice(output, project, PackageManager([:])).text?.contains("apt-get") == true)
            #expect(MixAdvice("all is well", project, PackageManager([:])).text == nil)
        }

        @Test(
            "What keeps dependencies away is said in one line",
            arguments: [
                (
                    "* Getting priv (git@example.com:org/priv.git)\ngit@example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n",
                    "cannot fetch priv from git@example.com:org/priv.git: git@example.com: Permission denied (publickey)."
                ),
                (
                    "* Getting a (https://example.com/a.git)\nfatal: unable to access 'https://example.com/a.git/': Could not resolve host: example.com\n",
                    "cannot fetch a from https://example.com/a.git: fatal: unable to access 'https://example.com/a.git/': Could not resolve host: example.com"
                ),
                (
                    "Resolving Hex dependencies...\nFailed to fetch record for 'hexpm/jason' from registry (using cache instead)\n{:failed_connect, [{:to_address, {'repo.hex.pm', 443}}, {:inet, [:inet], :nxdomain}]}\n",
                    "cannot reach hex for jason"
                ),
                (
                    "** (Mix) Registry checksum mismatch against lock (fakedep 0.1.0)\n",
                    "the checksum of fakedep 0.1.0 is not the one in mix.lock"
                ),
                (
                    "** (Mix) the \"git\" executable is not available in your PATH\n",
                    "a dependency comes from git, but git is not installed"
                ),
                (
                    "Failed to fetch record for 'hexpm/jason' from registry\n{:tls_alert, {:unsupported_certificate, 'key_usage_mismatch'}}\n",
                    "this OTP has a bug and refuses the certificate of the Hex server (key_usage_mismatch)"
                ),
                (
                    """
                    Failed to fetch record for 'hexpm/jason' from registry (using cache instead)
                    Could not verify authenticity of fetched registry file because signature verification failed. This may

                    """,
                    "Hex refuses the registry's record of hexpm/jason: it is not signed with the key that Hex has"
                ),
                (
                    """
                    * Getting a (https://example.com/a.git)
                    fatal: could not read Username for 'https://example.com': terminal prompts disabled

                    """,
                    "cannot fetch a from https://example.com/a.git: fatal: could not read Username for 'https://example.com': terminal prompts disabled"
                ),
                ("something else\n", "mix deps.get failed with status 1"),
            ])
        func problems(output: String, message: String) {
            let outcome = MixRunner.Outcome(end: .exited(1), output: output, diagnostics: [])
            let project = MixProject(kind: .application, evidence: .evaluated, app: "a")
            let error = DependencyProblem.error(outcome, in: project, packages: PackageManager([:]))
            #expect(error.message == message)
            #expect(error.advice?.isEmpty == false)
        }

        @Test("A git dependency that cannot be had names its URL, without a prompt (case 15)")
        func unreachableGit() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let url = "ssh://nobody@127.0.0.1:9/nowhere.git"
                try bench.write(SmallApp.files(deps: "[{:gitdep, git: \"\(url)\"}]"))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(
                    error?.message.hasPrefix("cannot fetch gitdep from \(url): ") == true,
                    "\(String(describing: error))")
                #expect(error?.code == .commandFailed)
                #expect(error?.advice?.contains("ssh agent") == true)
            }
        }

        @Test("A git dependency is fetched once, an unpinned one is told, and its layer is its own")
        func git() async throws {
            try await withTemporaryFolder { folder in
                // The sandbox shows no repository of this machine.
                let bench = Workbench(
                    folder, runner: SubprocessCommandRunner(probe: SandboxProbe(program: "/nowhere/bwrap")))
                let remote = folder.appending("gitdep")
                try remote.appending("mix.exs").write(
                    """
                    defmodule Gitdep.MixProject do
                      use Mix.Project
                      def project, do: [app: :gitdep, version: "0.4.0"]
                    end
                    """)
                try remote.appending("lib/gitdep.ex").write("defmodule Gitdep do\nend\n")
                let script =
                    "git init -q . && git add . && git -c user.name=t -c user.email=t@t commit -qm one && git rev-parse HEAD"
                let end = try await run("/bin/sh", ["-c", script], workingDirectory: remote).succeeded()
                let commit = try #require(end.lines.last)
                try bench.write(
                    SmallApp.files(deps: "[{:gitdep, git: \"file://\(remote.string.replacing(" ", with: "%20"))\"}]"))
                let result = try await bench.build()
                #expect(result.layers.map(\.name) == ["base", "base-native", "deps", "release", "app"])
                #expect(bench.layers.appending("deps/lib/gitdep-0.4.0/ebin/Elixir.Gitdep.beam").isThere)
                #expect(bench.reports.diagnostics.contains { $0.text.hasPrefix("no mix.lock") })
                let lock = try bench.layers.appending("app/mix.lock").readText()
                #expect(lock.contains(commit))
                #expect(!bench.project.appending("mix.lock").isThere)
                try bench.project.appending("mix.lock").write(lock)
                _ = try await bench.build()
                bench.reports.clear()
                _ = try await bench.build()
                #expect(bench.reports.commands.count == 1)
                #expect(bench.reports.diagnostics.isEmpty)
            }
        }
    }
}
