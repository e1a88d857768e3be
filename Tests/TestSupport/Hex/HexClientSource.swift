/// A small client of Hex for the tests, in the place where mix expects Hex itself.
///
/// It does what a build needs of Hex: reads the signed registry, keeps a cache for each mirror, fetches and checks
/// tarballs, and holds mix.lock to what the registry says. It resolves no more than "the newest that fits".
enum HexClientSource {
    static func text(publicKey: String) -> String {
        source.replacing("PUBLIC_KEY", with: publicKey.split(separator: "\n").joined(separator: "\\n"))
    }

    private static let source = #"""
        defmodule Hex do
          def version, do: "2.0.0"

          def start do
            Mix.SCM.append(Hex.SCM)
            Mix.RemoteConverger.register(Hex.RemoteConverger)
            :ok
          end
        end

        defmodule Hex.Source do
          @public_key "PUBLIC_KEY\n"

          def release(name, version), do: Enum.find(releases(name), &(&1.version == version))

          def releases(name) do
            signed = cached({mirror(), name}, fn -> get("/packages/#{name}", "hexpm/#{name}") end)

            with {:ok, payload} <- :r3_hex_registry.decode_and_verify_signed(:zlib.gunzip(signed), @public_key),
                 {:ok, releases} <- :r3_hex_registry.decode_package(payload, "hexpm", name) do
              if is_map(releases), do: releases.releases, else: releases
            else
              _ -> Mix.raise("Could not verify authenticity of fetched registry file for #{name}")
            end
          end

          def tarball(name, version) do
            path = Path.join([home(), "packages", "hexpm", "#{name}-#{version}.tar"])

            unless File.exists?(path) do
              body = get("/tarballs/#{name}-#{version}.tar", "hexpm/#{name}")
              File.mkdir_p!(Path.dirname(path))
              File.write!(path, body)
            end

            File.read!(path)
          end

          defp cached(key, fetch) do
            path = Path.join(home(), "cache.ets")
            known = if File.exists?(path), do: :erlang.binary_to_term(File.read!(path)), else: %{}

            case known do
              %{^key => body} ->
                body

              _ ->
                if offline?(), do: Mix.raise("Hex is running in offline mode and the registry entry for package #{inspect(elem(key, 1))} is not cached locally")
                body = fetch.()
                File.mkdir_p!(home())
                File.write!(path, :erlang.term_to_binary(Map.put(known, key, body)))
                body
            end
          end

          defp get(path, what) do
            if offline?(), do: Mix.raise("Hex is running in offline mode and #{path} is not cached locally")
            {:ok, _} = Application.ensure_all_started(:inets)
            url = String.to_charlist(mirror() <> path)

            case :httpc.request(:get, {url, []}, [timeout: 20_000, connect_timeout: 5_000], body_format: :binary) do
              {:ok, {{_, 200, _}, _, body}} ->
                body

              other ->
                Mix.shell().error("Failed to fetch record for '#{what}' from registry (using cache instead)")
                Mix.shell().error(inspect(other, limit: 8, printable_limit: 200))
                Mix.raise("Stopping: #{what} cannot be fetched")
            end
          end

          defp home, do: System.fetch_env!("HEX_HOME")
          defp mirror, do: System.get_env("HEX_MIRROR", "https://repo.hex.pm")
          defp offline?, do: System.get_env("HEX_OFFLINE") in ["1", "true"]
        end

        defmodule Hex.SCM do
          @behaviour Mix.SCM
          def fetchable?, do: true
          def format(_opts), do: "Hex package"
          def format_lock(opts), do: if(opts[:lock], do: elem(opts[:lock], 2))

          def accepts_options(name, opts) do
            unless opts[:git] || opts[:github] || opts[:path] || opts[:in_umbrella],
              do: Keyword.put_new(opts, :hex, Atom.to_string(name))
          end

          def checked_out?(opts), do: File.dir?(opts[:dest])
          def equal?(one, other), do: one[:hex] == other[:hex]
          def managers(opts), do: if(opts[:lock], do: elem(opts[:lock], 4), else: [])
          def update(opts), do: checkout(opts)

          def lock_status(opts) do
            case {opts[:lock], File.read(Path.join(opts[:dest], ".hex"))} do
              {{:hex, _, version, inner, _, _, _, _}, {:ok, text}} -> if text == version <> inner, do: :ok, else: :mismatch
              _ -> :mismatch
            end
          end

          def checkout(opts) do
            {:hex, _, version, inner, _, _, _, outer} = lock = opts[:lock]
            name = opts[:hex]
            File.rm_rf!(opts[:dest])

            case :r3_hex_tarball.unpack(Hex.Source.tarball(name, version), String.to_charlist(opts[:dest])) do
              {:ok, %{outer_checksum: found}} ->
                if Base.encode16(found, case: :lower) != outer,
                  do: Mix.raise("Package fetch failed: checksum mismatch against lock (#{name} #{version})")

              {:error, reason} ->
                Mix.raise("Unpacking failed (checksum mismatch or #{inspect(reason)}) (#{name} #{version})")
            end

            File.write!(Path.join(opts[:dest], ".hex"), version <> inner)
            lock
          end
        end

        defmodule Hex.RemoteConverger do
          @behaviour Mix.RemoteConverger
          def remote?(dep), do: dep.scm == Hex.SCM
          def post_converge, do: :ok
          def deps(dep, lock), do: for({app, req, _} <- elem(lock[dep.app], 5), do: {app, req, []})

          def converge(deps, lock) do
            wanted = for dep <- deps, remote?(dep), do: {dep.opts[:hex], dep.requirement || ">= 0.0.0"}
            Enum.reduce(wanted, lock, &take/2)
          end

          defp take({name, requirement}, lock) do
            app = String.to_atom(name)

            entry =
              case lock[app] do
                {:hex, _, version, _, _, _, _, outer} = entry when is_binary(version) ->
                  if Version.match?(version, to_string_requirement(requirement)) do
                    release = Hex.Source.release(name, version)

                    if release == nil or Base.encode16(release.outer_checksum, case: :lower) != outer,
                      do: Mix.raise("Registry checksum mismatch against lock (#{name} #{version})")

                    entry
                  else
                    newest(name, requirement)
                  end

                nil ->
                  newest(name, requirement)
              end

            lock = Map.put(lock, app, entry)
            Enum.reduce(elem(entry, 5), lock, fn {dep, req, _}, lock -> take({Atom.to_string(dep), req}, lock) end)
          end

          defp newest(name, requirement) do
            release =
              name
              |> Hex.Source.releases()
              |> Enum.filter(&Version.match?(&1.version, to_string_requirement(requirement)))
              |> Enum.max_by(& &1.version, Version)

            deps =
              for dep <- release.dependencies do
                app = String.to_atom(dep.package)
                {app, dep.requirement, [hex: app, repo: "hexpm", optional: false]}
              end

            [inner, outer] = for sum <- [release.inner_checksum, release.outer_checksum], do: Base.encode16(sum, case: :lower)
            {:hex, String.to_atom(name), release.version, inner, [:mix], deps, "hexpm", outer}
          end

          defp to_string_requirement(requirement) when is_binary(requirement), do: requirement
          defp to_string_requirement(requirement), do: to_string(requirement)
        end

        """#
}
