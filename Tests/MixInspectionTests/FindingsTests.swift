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
        #expect(error.advice?.contains("build the umbrella: --path ../..\nor the child alone") == true)
    }

    @Test(
        "what turns Phoenix's server on is known in each of its forms",
        arguments: [
            ("config :phoenix, :serve_endpoints, true", true), ("config :phoenix, serve_endpoints: true", true),
            ("config :small, Small.Endpoint, server: true", true), ("config :phoenix, :serve_endpoints, false", false),
        ])
    func server(line: String, isOn: Bool) async throws {
        let project = try await look(
            "deps: [{:phoenix, \"~> 1.7\"}]", "", files: ["config/config.exs": "import Config\n\(line)\n"])
        #expect(project.findings.contains(.silentServer) == !isOn)
    }

    @Test("Distillery and cookies are warned about, an escript is noted")
    func warnings() async throws {
        #expect(try await findings("distillery", .warning).contains { $0.text.contains("Distillery") })
        #expect(try await findings("only_release", .warning).contains { $0.text.contains("cookie") })
        #expect(try await findings("escript", .note).contains { $0.text.contains("escript") })
    }

    /// A project whose list for `project` and other functions are these.
    private func look(_ project: String, _ more: String = "", files: [String: String] = [:]) async throws -> MixProject
    {
        try await withTemporaryFolder { folder in
            let text = """
                defmodule Small.MixProject do
                  use Mix.Project
                  def project, do: [app: :small, version: "1.0.0", \(project)]
                  \(more)
                end

                """
            for (path, text) in files.merging(["mix.exs": text], uniquingKeysWith: { $1 }) {
                try folder.appending(path).write(text)
            }
            return try await Inspecting.inspect(folder)
        }
    }

    private let callback = "def application, do: [mod: {Small, []}]"

    @Test("rel/config.exs of Distillery becomes an entry to paste; what mix release lacks is named")
    func distilleryReleases() async throws {
        let config = """
            use Mix.Releases.Config, default_release: :small
            # release :old do
            environment :prod do
              set include_erts: true
            end
            release :small do
              set version: current_version(:small)
              set applications: [
                :runtime_tools, # tools
                small: :permanent
              ]
              set commands: [migrate: "rel/commands/migrate.sh"]
            end
            """
        let found = try await look("deps: []", callback, files: ["rel/config.exs": config]).findings
        #expect(
            found.first { $0.text.contains("Distillery") }?.advice == """
                add to project in mix.exs:

                releases: [
                  small: [applications: [runtime_tools: :permanent, small: :permanent]]
                ]
                mix release has no commands
                """)
    }

    @Test("an escript without an application, and a release for Burrito, are refused with what to do")
    func otherPrograms() async throws {
        let escript = try await look("escript: [main_module: Small]")
        let refusal = try #require(throws: Failure.self) { try escript.plan(toolchain: nil) }
        #expect(refusal.message.contains("makes an escript") && refusal.advice?.contains("mix escript.build") == true)
        let burrito = try await look(
            "releases: [small: [steps: [:assemble, &Burrito.wrap/1]], plain: [steps: [:assemble]]]", callback)
        let wrapped = try #require(throws: Failure.self) { try burrito.plan(requested: "small", toolchain: nil) }
        #expect(wrapped.code == .cannotPlan && wrapped.message.contains("made for Burrito"))
        #expect(try burrito.plan(requested: "plain", toolchain: nil).name == "plain")
    }

    @Test(
        "an environment that mix.exs prefers for mix release is named with the flag that builds with it",
        arguments: [
            ("preferred_cli_env: [release: :staging]", "", "staging"), ("preferred_cli_env: [release: :prod]", "", nil),
            ("deps: []", "def cli, do: [preferred_envs: [release: :demo]]", "demo"), ("deps: []", "", nil),
        ])
    func preferredEnvironment(project: String, more: String, expected: String?) async throws {
        let found = try await look(project, "\(more)\n  \(callback)").findings.filter(\.isAboutEnvironment)
        #expect(found.map(\.advice) == (expected.map { ["build with it: -e MIX_ENV=\($0)"] } ?? []))
    }

    /// The findings of a small project with these files, as `PLACE: TEXT`.
    private func findings(
        of files: [String: String], deps: String = "[]", applications: String = ":logger, :ssl"
    ) async throws -> [String] {
        try await withTemporaryFolder { folder in
            let mixFile = """
                defmodule Small.MixProject do
                  use Mix.Project
                  def project, do: [app: :small, version: "1.0.0", deps: \(deps)]
                  def application, do: [mod: {Small, []}, extra_applications: [\(applications)]]
                end

                """
            for (path, text) in files.merging(["mix.exs": mixFile], uniquingKeysWith: { $1 }) {
                try folder.appending(path).write(text)
            }
            return try await Inspecting.inspect(folder).findings
                .map { "\($0.place.map { "\($0)" } ?? ""): \($0.severity.rawValue): \($0.text)" }
        }
    }

    @Test("Mix is missed where a release runs without it, and only there")
    func mix() async throws {
        let found = try await findings(of: [
            "config/runtime.exs": "import Config\nconfig :small, env: Mix.env()\n",
            "config/config.exs": "import Config\nconfig :small, build: Mix.env()\n",
            "lib/small.ex": """
            defmodule Small do
              @env Mix.env()
              def env, do: @env
              def wrong, do: Mix.Project.config()
              def careful, do: if(Code.ensure_loaded?(Mix), do: Mix.env())
            end

            """,
            "lib/mix/tasks/t.ex": "defmodule Mix.Tasks.T do\n  def run(_), do: Mix.shell()\nend\n",
        ])
        #expect(
            found.filter { $0.contains("no Mix") } == [
                "config/runtime.exs:2: warning: Mix.env is called when the release runs, and a release has no Mix",
                "lib/small.ex:4: warning: Mix.Project.config is called when the release runs, and a release has no Mix",
            ])
    }

    @Test("a release that lists Mix has it")
    func listedMix() async throws {
        let files = ["lib/small.ex": "defmodule Small do\n  def env, do: Mix.env()\nend\n"]
        #expect(try await findings(of: files).contains { $0.contains("no Mix") })
        #expect(try await !findings(of: files, applications: ":logger, :mix").contains { $0.contains("no Mix") })
    }

    @Test("an application of OTP that code calls and nobody lists is warned about, if all lists can be read")
    func unlisted() async throws {
        let code = [
            "lib/small.ex": "defmodule Small do\n  def get, do: :httpc.request('x')\n  def s, do: :ssl.start()\nend\n"
        ]
        let words =
            "lib/small.ex:2: warning: :httpc.request is of the application :inets, which no application of the release lists"
        #expect(try await findings(of: code).filter { $0.contains("lists") } == [words])
        let needs = "[{:web, path: \"web\"}]"
        #expect(try await !findings(of: code, deps: needs).contains(words))
        let lists = code.merging(["web/mix.exs": "[extra_applications: [:inets]]"]) { $1 }
        #expect(try await !findings(of: lists, deps: needs).contains(words))
        let other = code.merging(["web/mix.exs": "[extra_applications: [:crypto]]"]) { $1 }
        #expect(try await findings(of: other, deps: needs).contains(words))
    }

    @Test("a function as a value of the configuration is an error at its place, by name it is none")
    func functions() async throws {
        let found = try await findings(of: [
            "config/config.exs": """
            import Config
            config :small, named: &Small.x/1, list: Enum.map([1], fn x -> x end)
            config :small,
              deep: [one: {1, fn -> 1 end}]
            if config_env() == :dev, do: config(:small, dev: fn -> 1 end)

            """
        ])
        #expect(
            found.filter { $0.contains("function") } == [
                "config/config.exs:4: error: a function is a value of the configuration, and a release cannot keep that"
            ])
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
