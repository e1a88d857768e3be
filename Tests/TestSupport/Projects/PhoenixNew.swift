public import SystemPackage

/// The project that `mix phx.new demo` makes, as far as a build reads it: mix.exs, configuration, application, repository,
/// endpoint and assets, as the templates of Phoenix 1.7 and 1.8 have them.
///
/// Controllers, components, router and tests of the templates are left out, because the packages that they use are
/// stand-ins (`PhoenixPackages`). Phoenix 1.8 asks for Elixir 1.15; here it takes 1.14 too.
public enum PhoenixNew: String, Sendable, CaseIterable {
    case seven = "1.7"
    case eight = "1.8"

    /// Writes the project into a folder.
    public func write(to folder: FilePath) throws {
        for (path, text) in files { try folder.appending(path).write(text) }
    }

    /// Writes the project with its packages in its own folder `vendor`, so that a build fetches nothing.
    public func writeVendored(to folder: FilePath) throws {
        try write(to: folder)
        var names: [String] = []
        for package in PhoenixPackages.all where !names.contains(package.name) {
            names.append(package.name)
            let place = folder.appending("vendor/\(package.name)")
            for (path, text) in package.files {
                try place.appending(path).write(
                    text.replacing(/\{:(\w+), "[^"]*"\}/) { "{:\($0.1), path: \"../\($0.1)\"}" })
            }
        }
        let list = names.map { "{:\($0), path: \"vendor/\($0)\", override: true}" }.joined(separator: ",\n      ")
        let vendored = mixFile.replacing(
            /defp deps do\n(.|\n)*?\n  end/, with: "defp deps do\n    [\n      \(list)\n    ]\n  end")
        try folder.appending("mix.exs").write(vendored)
    }

    /// The folder of the compiled assets below priv/static, with the names of CSS and JS.
    public var assets: (css: String, js: String) {
        self == .seven ? ("assets/app.css", "assets/app.js") : ("assets/css/app.css", "assets/js/app.js")
    }

    private var files: [String: String] {
        [
            "mix.exs": mixFile, "config/config.exs": configuration, "config/prod.exs": production,
            "config/dev.exs":
                "import Config\n\nconfig :demo, Demo.Repo, username: \"postgres\", hostname: \"localhost\"\n",
            "config/test.exs": "import Config\n\nconfig :demo, DemoWeb.Endpoint, server: false\n",
            "config/runtime.exs": runtime, "lib/demo.ex": "defmodule Demo do\n  @moduledoc false\nend\n",
            "lib/demo/application.ex": Self.application, "lib/demo/repo.ex": Self.repository,
            "lib/demo/mailer.ex": "defmodule Demo.Mailer do\n  use Swoosh.Mailer, otp_app: :demo\nend\n",
            "lib/demo_web.ex":
                "defmodule DemoWeb do\n  def static_paths, do: ~w(assets fonts images favicon.ico robots.txt)\nend\n",
            "lib/demo_web/endpoint.ex": endpoint, "lib/demo_web/telemetry.ex": Self.telemetry,
            "assets/js/app.js": "import \"phoenix_html\"\nconsole.log(\"demo\")\n",
            "assets/css/app.css": "body { color: teal }\n", "priv/static/robots.txt": "User-agent: *\n",
            "priv/static/favicon.ico": "icon", ".gitignore": Self.ignored,
            "priv/repo/migrations/.formatter.exs": "[import_deps: [:ecto_sql], inputs: [\"*.exs\"]]\n",
        ].merging(self == .seven ? ["assets/tailwind.config.js": "module.exports = {}\n"] : [:]) { $1 }
    }

    // MARK: - mix.exs

    private var mixFile: String {
        """
        defmodule Demo.MixProject do
          use Mix.Project

          def project do
            [
              app: :demo,
              version: "0.1.0",
              elixir: "~> 1.14",
              elixirc_paths: elixirc_paths(Mix.env()),
              start_permanent: Mix.env() == :prod,
              aliases: aliases(),
              deps: deps()\(self == .seven ? "" : Self.eightKeys)
            ]
          end

          # Configuration for the OTP application.
          #
          # Type `mix help compile.app` for more information.
          def application do
            [
              mod: {Demo.Application, []},
              extra_applications: [:logger, :runtime_tools]
            ]
          end

        \(self == .seven ? "" : Self.cli)  # Specifies which paths to compile per environment.
          defp elixirc_paths(:test), do: ["lib", "test/support"]
          defp elixirc_paths(_), do: ["lib"]

          # Specifies your project dependencies.
          #
          # Type `mix help deps` for examples and options.
          defp deps do
            [
              \(dependencies.joined(separator: ",\n      "))
            ]
          end

          # Aliases are shortcuts or tasks specific to the current project.
          defp aliases do
            [
              setup: ["deps.get", "ecto.setup", "assets.setup", "assets.build"],
              "ecto.setup": ["ecto.create", "ecto.migrate", "run priv/repo/seeds.exs"],
              "ecto.reset": ["ecto.drop", "ecto.setup"],
              test: ["ecto.create --quiet", "ecto.migrate --quiet", "test"],
              "assets.setup": ["tailwind.install --if-missing", "esbuild.install --if-missing"],
              "assets.build": [\(self == .seven ? "" : "\"compile\", ")"tailwind demo", "esbuild demo"],
              "assets.deploy": [
                "tailwind demo --minify",
                "esbuild demo --minify",
                "phx.digest"
              ]\(self == .seven ? "" : Self.precommit)
            ]
          end
        end

        """
    }

    private static let eightKeys = """
        ,
              compilers: [:phoenix_live_view] ++ Mix.compilers(),
              listeners: [Phoenix.CodeReloader]
        """
    private static let cli = """
          def cli do
            [
              preferred_envs: [precommit: :test]
            ]
          end


        """
    private static let precommit = """
        ,
              precommit: ["compile --warning-as-errors", "deps.unlock --unused", "format", "test"]
        """

    private var dependencies: [String] {
        let heroicons = """
            {:heroicons,
                   github: "tailwindlabs/heroicons",
                   tag: "\(self == .seven ? "v2.1.1" : "v2.2.0")",
                   sparse: "optimized",
                   app: false,
                   compile: false,
                   depth: 1}
            """
        let common = [
            "{:phoenix_ecto, \"~> 4.5\"}", "{:ecto_sql, \"~> 3.10\"}", "{:postgrex, \">= 0.0.0\"}",
            "{:phoenix_html, \"~> 4.1\"}", "{:phoenix_live_reload, \"~> 1.2\", only: :dev}",
            "{:phoenix_live_dashboard, \"~> 0.8.3\"}", heroicons, "{:swoosh, \"~> 1.5\"}",
            "{:telemetry_metrics, \"~> 1.0\"}", "{:telemetry_poller, \"~> 1.0\"}", "{:jason, \"~> 1.2\"}",
            "{:bandit, \"~> 1.5\"}",
        ]
        switch self {
        case .seven:
            return [
                "{:phoenix, \"~> 1.7.14\"}", "{:phoenix_live_view, \"~> 1.0.0\"}",
                "{:floki, \">= 0.30.0\", only: :test}", "{:esbuild, \"~> 0.8\", runtime: Mix.env() == :dev}",
                "{:tailwind, \"~> 0.2\", runtime: Mix.env() == :dev}", "{:finch, \"~> 0.13\"}",
                "{:gettext, \"~> 0.20\"}", "{:dns_cluster, \"~> 0.1.1\"}",
            ] + common
        case .eight:
            return [
                "{:phoenix, \"~> 1.8.0\"}", "{:phoenix_live_view, \"~> 1.1.0\"}",
                "{:lazy_html, \">= 0.1.0\", only: :test}", "{:esbuild, \"~> 0.10\", runtime: Mix.env() == :dev}",
                "{:tailwind, \"~> 0.3\", runtime: Mix.env() == :dev}", "{:req, \"~> 0.5\"}",
                "{:gettext, \"~> 0.26\"}", "{:dns_cluster, \"~> 0.2.0\"}",
            ] + common
        }
    }

    // MARK: - config

    private var configuration: String {
        """
        # This file is responsible for configuring your application
        # and its dependencies with the aid of the Config module.
        import Config

        config :demo,
          ecto_repos: [Demo.Repo],
          generators: [timestamp_type: :utc_datetime]

        # Configures the endpoint
        config :demo, DemoWeb.Endpoint,
          url: [host: "localhost"],
          adapter: Bandit.PhoenixAdapter,
          render_errors: [
            formats: [html: DemoWeb.ErrorHTML, json: DemoWeb.ErrorJSON],
            layout: false
          ],
          pubsub_server: Demo.PubSub,
          live_view: [signing_salt: "uXq0Vv3Q"]

        config :demo, Demo.Mailer, adapter: Swoosh.Adapters.Local

        # Configure esbuild (the version is required)
        \(self == .seven ? Self.esbuildSeven : Self.esbuildEight)
        # Configure tailwind (the version is required)
        \(self == .seven ? Self.tailwindSeven : Self.tailwindEight)
        # Configures Elixir's Logger
        config :logger, :console,
          format: "$time $metadata[$level] $message\\n",
          metadata: [:request_id]

        # Use Jason for JSON parsing in Phoenix
        config :phoenix, :json_library, Jason

        # Import environment specific config. This must remain at the bottom
        # of this file so it overrides the configuration defined above.
        import_config "#{config_env()}.exs"

        """
    }

    private static let esbuildSeven = """
        config :esbuild,
          version: "0.17.11",
          demo: [
            args:
              ~w(js/app.js --bundle --target=es2017 --outdir=../priv/static/assets --external:/fonts/* --external:/images/*),
            cd: Path.expand("../assets", __DIR__),
            env: %{"NODE_PATH" => Path.expand("../deps", __DIR__)}
          ]

        """
    private static let esbuildEight = """
        config :esbuild,
          version: "0.25.4",
          demo: [
            args:
              ~w(js/app.js --bundle --target=es2022 --outdir=../priv/static/assets/js --external:/fonts/* --external:/images/* --alias:@=.),
            cd: Path.expand("../assets", __DIR__),
            env: %{"NODE_PATH" => [Path.expand("../deps", __DIR__), Mix.Project.build_path()]}
          ]

        """
    private static let tailwindSeven = """
        config :tailwind,
          version: "3.4.3",
          demo: [
            args: ~w(
              --config=tailwind.config.js
              --input=css/app.css
              --output=../priv/static/assets/app.css
            ),
            cd: Path.expand("../assets", __DIR__)
          ]

        """
    private static let tailwindEight = """
        config :tailwind,
          version: "4.1.7",
          demo: [
            args: ~w(
              --input=assets/css/app.css
              --output=priv/static/assets/css/app.css
            ),
            cd: Path.expand("..", __DIR__)
          ]

        """

    private var production: String {
        """
        import Config

        # Note we also include the path to a cache manifest
        # containing the digested version of static files.
        config :demo, DemoWeb.Endpoint, cache_static_manifest: "priv/static/cache_manifest.json"

        # Configures Swoosh API Client
        config :swoosh, api_client: Swoosh.ApiClient.\(self == .seven ? "Finch, finch_name: Demo.Finch" : "Req")

        # Disable Swoosh Local Memory Storage
        config :swoosh, local: false

        # Do not print debug messages in production
        config :logger, level: :info

        """
    }

    private var runtime: String {
        """
        import Config

        if System.get_env("PHX_SERVER") do
          config :demo, DemoWeb.Endpoint, server: true
        end

        if config_env() == :prod do
          database_url =
            System.get_env("DATABASE_URL") ||
              raise \"""
              environment variable DATABASE_URL is missing.
              For example: ecto://USER:PASS@HOST/DATABASE
              \"""

          maybe_ipv6 = if System.get_env("ECTO_IPV6") in ~w(true 1), do: [:inet6], else: []

          config :demo, Demo.Repo,
            # ssl: true,
            url: database_url,
            pool_size: String.to_integer(System.get_env("POOL_SIZE") || "10"),
            socket_options: maybe_ipv6

          # The secret key base is used to sign/encrypt cookies and other secrets.
          secret_key_base =
            System.get_env("SECRET_KEY_BASE") ||
              raise \"""
              environment variable SECRET_KEY_BASE is missing.
              You can generate one by calling: mix phx.gen.secret
              \"""

          host = System.get_env("PHX_HOST") || "example.com"
          port = String.to_integer(System.get_env("PORT") || "4000")

          config :demo, :dns_cluster_query, System.get_env("DNS_CLUSTER_QUERY")

          config :demo, DemoWeb.Endpoint,
            url: [host: host, port: 443, scheme: "https"],
            http: [
              # Enable IPv6 and bind on all interfaces.
              ip: {0, 0, 0, 0, 0, 0, 0, 0},
              port: port
            ],
            secret_key_base: secret_key_base
        end

        """
    }

    // MARK: - lib

    private static let application = """
        defmodule Demo.Application do
          # See https://hexdocs.pm/elixir/Application.html
          # for more information on OTP Applications
          @moduledoc false

          use Application

          @impl true
          def start(_type, _args) do
            children = [
              DemoWeb.Telemetry,
              Demo.Repo,
              {DNSCluster, query: Application.get_env(:demo, :dns_cluster_query) || :ignore},
              {Phoenix.PubSub, name: Demo.PubSub},
              # Start to serve requests, typically the last entry
              DemoWeb.Endpoint
            ]

            opts = [strategy: :one_for_one, name: Demo.Supervisor]
            Supervisor.start_link(children, opts)
          end

          # Tell Phoenix to update the endpoint configuration
          # whenever the application is updated.
          @impl true
          def config_change(changed, _new, removed) do
            DemoWeb.Endpoint.config_change(changed, removed)
            :ok
          end
        end

        """

    private static let repository = """
        defmodule Demo.Repo do
          use Ecto.Repo,
            otp_app: :demo,
            adapter: Ecto.Adapters.Postgres
        end

        """

    private static let telemetry = """
        defmodule DemoWeb.Telemetry do
          use Supervisor

          def start_link(arg) do
            Supervisor.start_link(__MODULE__, arg, name: __MODULE__)
          end

          @impl true
          def init(_arg) do
            children = [
              {:telemetry_poller, measurements: periodic_measurements(), period: 10_000}
            ]

            Supervisor.init(children, strategy: :one_for_one)
          end

          defp periodic_measurements, do: []
        end

        """

    private var endpoint: String {
        """
        defmodule DemoWeb.Endpoint do
          use Phoenix.Endpoint, otp_app: :demo

          # The session will be stored in the cookie and signed,
          # this means its contents can be read but not tampered with.
          @session_options [
            store: :cookie,
            key: "_demo_key",
            signing_salt: "b1r0ZkqM",
            same_site: "Lax"
          ]

          socket "/live", Phoenix.LiveView.Socket,
            websocket: [connect_info: [session: @session_options]],
            longpoll: [connect_info: [session: @session_options]]

          # Serve at "/" the static files from "priv/static" directory.
          plug Plug.Static,
            at: "/",
            from: :demo,
            gzip: \(self == .seven ? "false" : "not code_reloading?"),
            only: DemoWeb.static_paths()

          # Code reloading can be explicitly enabled under the
          # :code_reloader configuration of your endpoint.
          if code_reloading? do
            socket "/phoenix/live_reload/socket", Phoenix.LiveReloader.Socket
            plug Phoenix.LiveReloader
            plug Phoenix.CodeReloader
            plug Phoenix.Ecto.CheckRepoStatus, otp_app: :demo
          end

          plug Plug.RequestId
          plug Plug.Telemetry, event_prefix: [:phoenix, :endpoint]

          plug Plug.Parsers,
            parsers: [:urlencoded, :multipart, :json],
            pass: ["*/*"],
            json_decoder: Phoenix.json_library()

          plug Plug.MethodOverride
          plug Plug.Head
          plug Plug.Session, @session_options
          plug DemoWeb.Router
        end

        """
    }

    private static let ignored = """
        /_build/
        /cover/
        /deps/
        /doc/
        /.fetch
        erl_crash.dump
        *.ez
        /tmp/
        demo-*.tar

        # Ignore assets that are produced by build tools.
        /priv/static/assets/

        # Ignore digested assets cache.
        /priv/static/cache_manifest.json

        # In case you use Node.js/npm, you want to ignore these.
        npm-debug.log
        /assets/node_modules/

        """
}
