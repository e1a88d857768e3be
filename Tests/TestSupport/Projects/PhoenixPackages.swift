import FoundationEssentials

/// Stand-ins for the packages of a new Phoenix project, for a `HexMirror`: their names, versions, applications and tasks
/// are those of the real ones, and each does the least that the project's files ask of it.
///
/// The endpoint serves files of priv/static and one page, by gen_tcp; the repository connects to nothing; `tailwind` and
/// `esbuild` install shell scripts that copy their input.
public enum PhoenixPackages {
    /// The packages of both templates.
    public static let all: [HexMirror.Package] =
        [
            mix("phoenix", "1.7.21", ["phoenix_pubsub": "~> 2.1", "jason": "~> 1.0"], phoenix),
            mix("phoenix", "1.8.1", ["phoenix_pubsub": "~> 2.1", "jason": "~> 1.0"], phoenix),
            mix("ecto_sql", "3.12.1", [:], ["lib/ecto.ex": ecto]),
            mix("phoenix_live_view", "1.0.17", ["phoenix": "~> 1.6"], [:]),
            mix("phoenix_live_view", "1.1.2", ["phoenix": "~> 1.6"], ["lib/compiler.ex": liveViewCompiler]),
            mix("swoosh", "1.17.0", [:], ["lib/swoosh.ex": swoosh]),
            mix("dns_cluster", "0.1.3", [:], ["lib/dns_cluster.ex": ignoring("DNSCluster")]),
            mix("dns_cluster", "0.2.0", [:], ["lib/dns_cluster.ex": ignoring("DNSCluster")]),
            mix("phoenix_pubsub", "2.1.3", [:], ["lib/pubsub.ex": ignoring("Phoenix.PubSub")]),
            mix("telemetry_poller", "1.1.0", [:], ["lib/poller.ex": ignoring(":telemetry_poller")]),
            mix("esbuild", "0.8.2", [:], ["lib/esbuild.ex": bundler("Esbuild", "esbuild-linux-x64", esbuild)]),
            mix("esbuild", "0.10.0", [:], ["lib/esbuild.ex": bundler("Esbuild", "esbuild-linux-x64", esbuild)]),
            mix("tailwind", "0.2.4", [:], ["lib/tailwind.ex": bundler("Tailwind", "tailwind-linux-x64", tailwind)]),
            mix("tailwind", "0.3.1", [:], ["lib/tailwind.ex": bundler("Tailwind", "tailwind-linux-x64", tailwind)]),
        ]
        + [
            ("phoenix_ecto", "4.6.2"), ("postgrex", "0.19.1"), ("phoenix_html", "4.1.1"),
            ("phoenix_live_reload", "1.5.3"), ("floki", "0.36.2"), ("lazy_html", "0.1.3"),
            ("phoenix_live_dashboard", "0.8.4"), ("finch", "0.19.0"), ("req", "0.5.8"), ("telemetry_metrics", "1.0.0"),
            ("gettext", "0.26.2"), ("jason", "1.4.4"), ("bandit", "1.5.7"),
        ].map { mix($0.0, $0.1, [:], [:]) }

    /// The repository of heroicons, of which a project gets the folder `optimized`.
    public static let heroicons = ["optimized/24/outline/star.svg": "<svg id=\"star\"/>\n", "src/star.svg": "<svg/>\n"]

    private static func mix(
        _ name: String, _ version: String, _ dependencies: [String: String], _ files: [String: String]
    ) -> HexMirror.Package {
        let module = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let names = dependencies.sorted { $0.key < $1.key }
        let mixFile = """
            defmodule \(module).MixProject do
              use Mix.Project

              def project do
                [app: :\(name), version: "\(version)", deps: [\(names.map { "{:\($0), \"\($1)\"}" }.joined(separator: ", "))]]
              end

              def application, do: [extra_applications: [:logger]]
            end

            """
        return HexMirror.Package(
            name, version, dependencies: names.map { ($0.key, $0.value) },
            files: ["mix.exs": mixFile].merging(files) { $1 })
    }

    private static func ignoring(_ module: String) -> String {
        """
        defmodule \(module) do
          def child_spec(_options), do: %{id: \(module), start: {Function, :identity, [:ignore]}}
        end

        """
    }

    private static let ecto = """
        defmodule Ecto.Repo do
          defmacro __using__(options) do
            quote do
              def child_spec(_) do
                "ecto://" <> _ = Application.fetch_env!(unquote(options[:otp_app]), __MODULE__)[:url]
                %{id: __MODULE__, start: {Function, :identity, [:ignore]}}
              end
            end
          end
        end

        """

    private static let swoosh = """
        defmodule Swoosh.Mailer do
          defmacro __using__(_options), do: nil
        end

        """

    private static let liveViewCompiler = """
        defmodule Mix.Tasks.Compile.PhoenixLiveView do
          use Mix.Task.Compiler
          def run(_arguments), do: {:noop, []}
        end

        """

    // MARK: - Phoenix

    private static let phoenix = ["lib/phoenix.ex": endpoint, "lib/mix/tasks/phx.digest.ex": digest]

    private static let endpoint = #"""
        defmodule Phoenix do
          def json_library, do: Jason
        end

        defmodule Phoenix.Endpoint do
          defmacro __using__(options) do
            quote do
              import Phoenix.Endpoint
              var!(code_reloading?) = false
              _ = var!(code_reloading?)
              @otp_app unquote(options[:otp_app])
              def config_change(_changed, _removed), do: :ok

              def child_spec(_) do
                config = Application.fetch_env!(@otp_app, __MODULE__)
                64 = byte_size(config[:secret_key_base])
                start = if config[:server], do: {Phoenix.Endpoint.Server, :start_link, [@otp_app, config]}
                %{id: __MODULE__, start: start || {Function, :identity, [:ignore]}}
              end
            end
          end

          defmacro socket(_path, _module, _options \\ []), do: nil

          defmacro plug(_module, options \\ []) do
            quote do: _ = unquote(options)
          end
        end

        defmodule Phoenix.Endpoint.Server do
          def start_link(app, config) do
            root = Application.app_dir(app, "priv/static")
            manifest = File.read!(Application.app_dir(app, config[:cache_static_manifest]))
            family = if tuple_size(config[:http][:ip]) == 8, do: :inet6, else: :inet
            options = [:binary, family, ip: config[:http][:ip], active: false, reuseaddr: true]
            {:ok, listener} = :gen_tcp.listen(config[:http][:port], options)
            {:ok, spawn_link(fn -> serve(listener, root, manifest) end)}
          end

          defp serve(listener, root, manifest) do
            {:ok, socket} = :gen_tcp.accept(listener)
            {:ok, request} = :gen_tcp.recv(socket, 0)
            [_, path | _] = String.split(request, " ")
            file = Path.join(root, path)

            {status, body} =
              cond do
                path == "/" -> {"200 OK", "<html>" <> manifest}
                File.regular?(file) -> {"200 OK", File.read!(file)}
                true -> {"404 Not Found", path}
              end

            :ok = :gen_tcp.send(socket, "HTTP/1.0 #{status}\r\n\r\n" <> body)
            :gen_tcp.close(socket)
            serve(listener, root, manifest)
          end
        end

        """#

    private static let digest = #"""
        defmodule Mix.Tasks.Phx.Digest do
          use Mix.Task

          def run(_arguments) do
            Mix.Task.run("compile", ["--no-all-warnings"])

            latest =
              for file <- Path.wildcard("priv/static/**/*.{css,js}"), into: %{} do
                hash = file |> File.read!() |> :erlang.md5() |> Base.encode16(case: :lower)
                digested = Path.rootname(file) <> "-" <> hash <> Path.extname(file)
                File.cp!(file, digested)
                {Path.relative_to(file, "priv/static"), Path.relative_to(digested, "priv/static")}
              end

            lines = for {name, digested} <- Enum.sort(latest), do: ~s(  "#{name}": "#{digested}")
            File.write!("priv/static/cache_manifest.json", "{\n" <> Enum.join(lines, ",\n") <> "\n}\n")
          end
        end

        """#

    // MARK: - Assets

    /// The tasks `NAME.install` and `NAME`, for a program that stands in for one that is fetched.
    private static func bundler(_ module: String, _ program: String, _ script: String) -> String {
        let app = module.lowercased()
        return #"""
            defmodule Mix.Tasks.\#(module).Install do
              use Mix.Task

              def run(["--if-missing"]) do
                Mix.Task.run("loadpaths")
                "" <> _ = Application.fetch_env!(:\#(app), :version)
                path = Path.join(Path.dirname(Mix.Project.build_path()), "\#(program)")

                unless File.exists?(path) do
                  File.write!(path, Base.decode64!("\#(Data(script.utf8).base64EncodedString())"))
                  File.chmod!(path, 0o755)
                end
              end
            end

            defmodule Mix.Tasks.\#(module) do
              use Mix.Task

              def run([profile | more]) do
                config = Application.fetch_env!(:\#(app), String.to_atom(profile))
                path = Path.join(Path.dirname(Mix.Project.build_path()), "\#(program)")
                {output, status} = System.cmd(path, config[:args] ++ more, cd: config[:cd], stderr_to_stdout: true)
                if status != 0, do: Mix.raise("`mix \#(app) #{profile}` exited with #{status}: #{output}")
              end
            end

            """#
    }

    private static let esbuild = """
        #!/bin/sh -eu
        for word in "$@"; do case "$word" in --outdir=*) folder="${word#--outdir=}" ;; esac; done
        mkdir -p "$folder"
        (echo "/* $# */"; cat "$1") >"$folder/app.js"
        """

    private static let tailwind = """
        #!/bin/sh -eu
        for word in "$@"; do
          case "$word" in --input=*) input="${word#--input=}" ;; --output=*) output="${word#--output=}" ;; esac
        done
        mkdir -p "$(dirname "$output")"
        icons=deps/heroicons/optimized
        test -d "$icons" || icons="../$icons"
        (cat "$input"; cat "$icons/24/outline/star.svg") >"$output"
        """
}
