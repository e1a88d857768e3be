import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("Scripts that say only what stands in them")
struct SelfContainedScriptTests {
    private func holds(_ text: String, _ allowance: SelfContainedScript.Allowance = .mixFile) -> Bool {
        SelfContainedScript(Array(text.utf8), allowance).isSelfContained
    }

    @Test("a mix.exs as Phoenix writes it is one")
    func phoenix() {
        let text = #"""
            defmodule Hello.MixProject do
              use Mix.Project

              @version "0.1.0"
              @source_url "https://github.com/acme/hello"

              def project do
                [
                  app: :hello,
                  version: @version,
                  elixir: "~> 1.14",
                  elixirc_paths: elixirc_paths(Mix.env()),
                  compilers: [:phoenix_live_view] ++ Mix.compilers(),
                  start_permanent: Mix.env() == :prod,
                  aliases: aliases(),
                  deps: deps(),
                  docs: [source_ref: "v#{@version}"],
                  listeners: [Phoenix.CodeReloader]
                ]
              end

              # Run "mix help compile.app", or ask System.get_env/1.
              def application do
                [mod: {Hello.Application, []}, extra_applications: [:logger, :runtime_tools]]
              end

              def cli, do: [preferred_envs: [precommit: :test]]

              defp elixirc_paths(:test), do: ["lib", "test/support"]
              defp elixirc_paths(_), do: ["lib"]

              defp deps do
                [
                  {:phoenix, "~> 1.7.14"},
                  {:heroicons, github: "tailwindlabs/heroicons", tag: "v2.1.1", sparse: "optimized", only: [:dev, :prod]}
                ] ++ Enum.map(["a", "b"], fn name -> {String.to_atom(name), "~> 1.0"} end)
              end

              defp aliases do
                [setup: ["deps.get", "ecto.setup"], "assets.deploy": ["esbuild hello --minify", "phx.digest"]]
              end
            end
            """#
        #expect(holds(text))
    }

    @Test(
        "whatever may ask the machine, the clock or another file is none",
        arguments: [
            "System.get_env(\"X\")", "File.read!(\"VERSION\")", "System\n.get_env(\"X\")", ":os.type()",
            ":erlang.system_info(:otp_release)", "Code.require_file(\"a.exs\")", "DateTime.utc_now()", "__DIR__",
            "Path.expand(\".\")", "Mix.Project.deps_path()", "apply(System, :get_env, [\"X\"])", "import File",
            "alias System, as: S\nS.get_env()", "m = System\nm.get_env(\"X\")", "\"v\" |> File.read!()",
            "&System.get_env/1", "\"#{System.get_env(\"X\")}\"", "\"#{node()}\"", "~s(#{File.cwd!()})",
            "Enum.to_list(%File.Stream{path: \"x\"})", "struct(File.Stream, path: \"x\")", "node()", "make_ref()",
            "Enum.random([1, 2])", "use Other", "require Logger", "System.cmd(\"git\", [])", "Burrito.wrap(1)",
            "Application.get_env(:a, :b)", "spawn(fn -> 1 end)", "[:assemble, &Burrito.wrap/1]", "x.y",
            "(fn -> 1 end).()",
            "\"\"\"\n#{File.read!(\"x\")}\n\"\"\"", ":\"Elixir.File\".read!(\"x\")",
        ])
    func others(text: String) {
        #expect(
            !holds("defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, x: (\(text))]\nend\n"))
    }

    @Test("a configuration as Phoenix writes it is one, with the files that it imports")
    func configuration() throws {
        try withTemporaryFolder { folder in
            try folder.appending("config/config.exs").write(
                #"""
                import Config

                config :hello, HelloWeb.Endpoint,
                  url: [host: "localhost"],
                  adapter: Bandit.PhoenixAdapter,
                  render_errors: [formats: [html: HelloWeb.ErrorHTML], layout: false],
                  live_view: [signing_salt: "BbD8kJkS"]

                config :esbuild,
                  version: "0.17.11",
                  hello: [
                    args: ~w(js/app.js --bundle --target=es2017),
                    cd: Path.expand("../assets", __DIR__),
                    env: %{"NODE_PATH" => [Path.expand("../deps", __DIR__), Mix.Project.build_path()]}
                  ]

                config :logger, :console, format: "$time $metadata[$level] $message\n", metadata: [:request_id]
                config :phoenix, :json_library, Jason
                import_config "#{config_env()}.exs"
                """#)
            try folder.appending("config/prod.exs").write(
                "import Config\nconfig :logger, level: :info\nimport_config(\"more/extra.exs\")\n")
            try folder.appending("config/more/extra.exs").write("use Mix.Config\nconfig :swoosh, local: false\n")
            try folder.appending("config/dev.exs").write("System.get_env(\"X\")")
            func files(_ environment: String) -> [String]? {
                SelfContainedConfiguration("config/config.exs", in: folder, of: folder, environment: environment)?.files
                    .map(\.path)
            }
            #expect(files("prod") == ["config/config.exs", "config/more/extra.exs", "config/prod.exs"])
            #expect(files("dev") == nil)
            #expect(files("test") == nil)
        }
    }

    @Test(
        "one that reads variables, computes what it imports, or has secrets of its own is none",
        arguments: [
            "config :a, b: System.get_env(\"B\")", "import_config \"*.exs\"", "import_config \"#{name}.exs\"",
            "import_config \"prod.secret.exs\"", "import_config \"missing.exs\"",
            "Enum.each([\"b.exs\"], &import_config/1)",
            "\"b.exs\" |> import_config()", "for file <- Path.wildcard(\"*.exs\"), do: import_config file",
            "config :a, b: File.read!(\"c\")", "config :a, b: fn -> System.get_env(\"B\") end",
            "config :a, at: DateTime.utc_now()",
        ])
    func computed(text: String) throws {
        try withTemporaryFolder { folder in
            try folder.appending("config/config.exs").write("import Config\nname = \"b\"\n\(text)\n")
            try folder.appending("config/b.exs").write("import Config\n")
            try folder.appending("config/prod.secret.exs").write("import Config\n")
            #expect(SelfContainedConfiguration("config/config.exs", in: folder, of: folder, environment: "prod") == nil)
        }
    }

    @Test("one with a file outside of what was copied, by its name or by a link, is none")
    func outside() throws {
        try withTemporaryFolder { folder in
            let tree = folder.appending("tree")
            let project = tree.appending("apps/child")
            func write(_ name: String) throws {
                try project.appending("config/config.exs").write("import Config\nimport_config \"\(name)\"\n")
            }
            func isFound() -> Bool {
                SelfContainedConfiguration("config/config.exs", in: project, of: tree, environment: "prod") != nil
            }
            try folder.appending("own.exs").write("import Config\n")
            try tree.appending("config/shared.exs").write("import Config\n")
            try write("../../../config/shared.exs")
            try project.appending("config/link.exs").makeLink(to: "../../../../own.exs")
            try project.appending("config/folder").makeLink(to: folder.string)
            #expect(isFound())
            for name in ["../../../../own.exs", "link.exs", "folder/own.exs", folder.appending("own.exs").string] {
                try write(name)
                #expect(!isFound(), "\(name)")
            }
        }
    }
}
