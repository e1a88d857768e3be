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

        defmodule Hex.Config do
          @public_key "PUBLIC_KEY\n"

          def home, do: System.fetch_env!("HEX_HOME")
          def offline?, do: System.get_env("HEX_OFFLINE") in ["1", "true"]

          def repo("hexpm"), do: %{hexpm() | url: System.get_env("HEX_MIRROR") || hexpm().url}

          def repo("hexpm:" <> organisation = name) do
            own = Map.get(repos(), name, %{})
            config = Map.merge(%{hexpm() | url: hexpm().url <> "/repos/" <> organisation}, own)
            %{config | auth_key: config.auth_key || login()}
          end

          def repo(name) do
            known = repos()[name] || Mix.raise("Unknown repository #{inspect(name)}, add new repositories with the `mix hex.repo add` task")
            Map.merge(%{public_key: nil, auth_key: nil}, known)
          end

          defp hexpm do
            standard = %{url: "https://repo.hex.pm", public_key: @public_key, auth_key: System.get_env("HEX_REPOS_KEY")}
            Map.merge(standard, Map.get(repos(), "hexpm", %{}))
          end

          # What Hex does with the token of a login, as long as it counts: no mirror sees it.
          defp login do
            case System.get_env("HEX_MIRROR") == nil && setting(:"$oauth_token", nil) do
              %{access_token: token, expires_at: expires} -> if expires > System.os_time(:second), do: "Bearer " <> token
              _ -> nil
            end
          end

          defp repos, do: setting(:"$repos", %{})

          defp setting(name, default) do
            case :file.consult(String.to_charlist(Path.join(home(), "hex.config"))) do
              {:ok, terms} -> Keyword.get(terms, name, default)
              {:error, :enoent} -> default
            end
          end
        end

        defmodule Hex.Source do
          def release(repo, name, version), do: Enum.find(releases(repo, name), &(&1.version == version))

          def releases(repo, name) do
            config = Hex.Config.repo(repo)
            signed = cached({config.url, name}, fn -> get(config, "/packages/#{name}", "#{repo}/#{name}") end)

            with {:ok, payload} <- :r3_hex_registry.decode_and_verify_signed(:zlib.gunzip(signed), config.public_key),
                 {:ok, releases} <- :r3_hex_registry.decode_package(payload, List.last(String.split(repo, ":")), name) do
              releases = if is_map(releases), do: releases.releases, else: releases
              for release <- releases, do: keep({{:retired, repo, name, release.version}, release[:retired]})
              releases
            else
              _ -> Mix.raise("Could not verify authenticity of fetched registry file for #{name}")
            end
          end

          def tarball(repo, name, version) do
            path = Path.join([Hex.Config.home(), "packages", repo, "#{name}-#{version}.tar"])

            unless File.exists?(path) do
              body = get(Hex.Config.repo(repo), "/tarballs/#{name}-#{version}.tar", "#{repo}/#{name}")
              File.mkdir_p!(Path.dirname(path))
              File.write!(path, body)
            end

            File.read!(path)
          end

          defp cached(key, fetch) do
            case with_cache(&:ets.lookup(&1, {:body, key})) do
              [{_, body}] ->
                body

              [] ->
                if Hex.Config.offline?(), do: Mix.raise("Hex is running in offline mode and the registry entry for package #{inspect(elem(key, 1))} is not cached locally")
                body = fetch.()
                keep({{:body, key}, body})
                body
            end
          end

          # The file is one that Hex itself writes: a table of ets, with a count and a digest.
          defp keep(entry) do
            with_cache(fn table ->
              :ets.insert(table, entry)
              File.mkdir_p!(Hex.Config.home())
              :ok = :ets.tab2file(table, cache(), extended_info: [:object_count, :md5sum], sync: true)
            end)
          end

          defp with_cache(work) do
            table =
              case :ets.file2tab(cache(), verify: true) do
                {:ok, table} -> table
                {:error, _} -> :ets.new(:cache, [])
              end

            result = work.(table)
            :ets.delete(table)
            result
          end

          defp cache, do: String.to_charlist(Path.join(Hex.Config.home(), "cache.ets"))

          defp get(config, path, what) do
            if Hex.Config.offline?(), do: Mix.raise("Hex is running in offline mode and #{path} is not cached locally")
            {:ok, _} = Application.ensure_all_started(:inets)
            url = String.to_charlist(config.url <> path)
            headers = if config.auth_key, do: [{'authorization', String.to_charlist(config.auth_key)}], else: []

            case :httpc.request(:get, {url, headers}, [timeout: 20_000, connect_timeout: 5_000], body_format: :binary) do
              {:ok, {{_, 200, _}, _, body}} ->
                body

              other ->
                Mix.shell().error("Failed to fetch record for '#{what}' from registry (using cache instead)")
                Mix.shell().error(inspect(other, limit: 8, printable_limit: 200))
                Mix.raise("Stopping: #{what} cannot be fetched")
            end
          end
        end

        defmodule Hex.SCM do
          @behaviour Mix.SCM
          def fetchable?, do: true
          def format(_opts), do: "Hex package"
          def format_lock(opts), do: if(opts[:lock], do: elem(opts[:lock], 2))

          def accepts_options(name, opts) do
            unless opts[:git] || opts[:github] || opts[:path] || opts[:in_umbrella],
              do: opts |> Keyword.put_new(:hex, Atom.to_string(name)) |> Keyword.put_new(:repo, repo(opts))
          end

          defp repo(opts), do: if(opts[:organization], do: "hexpm:" <> opts[:organization], else: "hexpm")

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
            {:hex, _, version, inner, _, _, repo, outer} = lock = opts[:lock]
            name = opts[:hex]
            File.rm_rf!(opts[:dest])

            case :r3_hex_tarball.unpack(Hex.Source.tarball(repo, name, version), String.to_charlist(opts[:dest])) do
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
            wanted = for dep <- deps, remote?(dep), do: {dep.opts[:repo], dep.opts[:hex], dep.requirement || ">= 0.0.0"}
            Enum.reduce(wanted, lock, &take/2)
          end

          defp take({repo, name, requirement}, lock) do
            app = String.to_atom(name)

            entry =
              case lock[app] do
                {:hex, _, version, _, _, _, _, outer} = entry when is_binary(version) ->
                  if Version.match?(version, to_string_requirement(requirement)) do
                    release = Hex.Source.release(repo, name, version)

                    if release == nil or Base.encode16(release.outer_checksum, case: :lower) != outer,
                      do: Mix.raise("Registry checksum mismatch against lock (#{name} #{version})")

                    entry
                  else
                    newest(repo, name, requirement)
                  end

                nil ->
                  newest(repo, name, requirement)
              end

            lock = Map.put(lock, app, entry)
            Enum.reduce(elem(entry, 5), lock, fn {dep, req, opts}, lock -> take({opts[:repo], Atom.to_string(dep), req}, lock) end)
          end

          defp newest(repo, name, requirement) do
            release =
              name
              |> then(&Hex.Source.releases(repo, &1))
              |> Enum.filter(&Version.match?(&1.version, to_string_requirement(requirement)))
              |> Enum.max_by(& &1.version, Version)

            deps =
              for dep <- release.dependencies do
                app = String.to_atom(dep.package)
                {app, dep.requirement, [hex: app, repo: "hexpm", optional: false]}
              end

            [inner, outer] = for sum <- [release.inner_checksum, release.outer_checksum], do: Base.encode16(sum, case: :lower)
            {:hex, String.to_atom(name), release.version, inner, [:mix], deps, repo, outer}
          end

          defp to_string_requirement(requirement) when is_binary(requirement), do: requirement
          defp to_string_requirement(requirement), do: to_string(requirement)
        end

        """#
}
