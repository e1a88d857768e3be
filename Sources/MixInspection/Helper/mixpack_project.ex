defmodule :mixpack_project do
  @moduledoc false

  # What mix.exs and those of an umbrella's children say when they are evaluated.

  def evaluate do
    {:ok, _} = Application.ensure_all_started(:mix)
    Mix.env(:mixpack_values.environment())
    Mix.shell(Mix.Shell.Quiet)
    compile_project()

    if Mix.Project.get() == nil do
      %{error: %{message: "", noProject: true}}
    else
      config = Mix.Project.config()
      children = children(config)
      versions = Map.new(children, &{&1.app, &1.version})
      %{own: facts(config, ".", versions), children: children}
    end
  catch
    {:broken, error} -> %{error: error}
    kind, reason -> %{error: error(kind, reason, __STACKTRACE__, ".", [])}
  end

  defp compile_project, do: attempt(".", fn -> Code.compile_file("mix.exs") end)

  defp children(config) do
    if config[:apps_path] do
      for {app, path} <- Enum.sort(Mix.Project.apps_paths()), do: child(app, path)
    else
      []
    end
  end

  defp child(app, path) do
    attempt(path, fn ->
      Mix.Project.in_project(app, path, fn _ -> facts(Mix.Project.config(), path, %{}) end)
    end)
  end

  # Runs what compiles a mix.exs of this folder; what goes wrong there is thrown as an error with its place.
  defp attempt(folder, fun) do
    attempted = fn ->
      try do
        {:ok, fun.()}
      catch
        kind, reason -> {kind, reason, __STACKTRACE__}
      end
    end

    case with_diagnostics(attempted) do
      {{:ok, result}, _} -> result
      {{kind, reason, stack}, diagnostics} -> throw({:broken, error(kind, reason, stack, folder, diagnostics)})
    end
  end

  # From Elixir 1.15 on, what a CompileError was about is told in diagnostics.
  defp with_diagnostics(fun) do
    if function_exported?(Code, :with_diagnostics, 1),
      do: apply(Code, :with_diagnostics, [fun]),
      else: {fun.(), []}
  end

  defp facts(config, folder, versions) do
    %{
      folder: folder,
      app: name(config[:app]),
      version: string(config[:version]),
      elixir: string(config[:elixir]),
      appsPath: string(config[:apps_path]),
      apps: config[:apps] && Enum.map(config[:apps], &name/1),
      releases: releases(config, versions),
      defaultRelease: name(config[:default_release]),
      dependencies: Enum.flat_map(list(config[:deps]), &dependency/1),
      aliases: for({key, _} <- list(config[:aliases]), do: name(key)),
      compilers: Enum.map(list(config[:compilers]), &name/1),
      lockfile: string(config[:lockfile]),
      buildPath: string(config[:build_path]),
      configPath: string(config[:config_path]),
      sourceURL: string(config[:source_url]),
      hasApplicationCallback: has_callback(),
      isEscript: config[:escript] not in [nil, []],
      releaseEnvironment: name(release_environment(config)),
      unknowns: []
    }
  end

  defp has_callback do
    module = Mix.Project.get()
    function_exported?(module, :application, 0) and Keyword.has_key?(list(module.application()), :mod)
  end

  defp release_environment(config) do
    module = Mix.Project.get()
    cli = if function_exported?(module, :cli, 0), do: list(module.cli()[:preferred_envs]), else: []
    cli[:release] || list(config[:preferred_cli_env])[:release]
  end

  defp releases(config, versions) do
    for {name, options} <- list(config[:releases]) do
      options = list(if is_function(options, 0), do: options.(), else: options)

      %{
        name: name(name),
        version: release_version(options[:version] || config[:version], versions),
        applications: for({app, mode} <- list(options[:applications]), do: %{name: name(app), mode: name(mode)}),
        setsCookie: options[:cookie] != nil,
        runtimeConfigPath: runtime_config_path(options, config),
        makesArchive: :tar in list(options[:steps]),
        includesErts: options[:include_erts] != false,
        isWrapped: Enum.any?(list(options[:steps]), &burrito?/1)
      }
    end
  end

  defp burrito?(step), do: is_function(step) and Function.info(step, :module) == {:module, Burrito}

  defp release_version({:from_app, app}, versions), do: versions[name(app)]
  defp release_version(version, _), do: string(version)

  defp runtime_config_path(options, config) do
    case Keyword.get(options, :runtime_config_path) do
      path when is_binary(path) -> path
      false -> nil
      _ -> (config[:config_path] || "config/config.exs") |> Path.dirname() |> Path.join("runtime.exs")
    end
  end

  defp dependency({app, requirement}) when is_binary(requirement), do: dependency({app, requirement, []})
  defp dependency({app, options}) when is_list(options), do: dependency({app, nil, options})

  defp dependency({app, requirement, options}) when is_list(options) do
    [
      %{
        name: name(app),
        requirement: if(is_binary(requirement), do: requirement),
        git: string(options[:git] || (options[:github] && "https://github.com/#{options[:github]}.git")),
        path: string(options[:path]),
        inUmbrella: options[:in_umbrella] == true,
        repository: string((options[:organization] && "hexpm:#{options[:organization]}") || options[:repo]),
        isForProduction: options[:only] == nil or Mix.env() in List.wrap(options[:only]),
        hasOwnBuild: Enum.any?([:compile, :app, :system_env, :manager, :env, :subdir], &Keyword.has_key?(options, &1))
      }
    ]
  end

  defp dependency({app, _}), do: dependency({app, nil, []})
  defp dependency({app, _, _}), do: dependency({app, nil, []})
  defp dependency(_), do: []

  # Errors

  defp error(kind, reason, stack, folder, diagnostics) do
    exception = if kind == :error, do: Exception.normalize(:error, reason, stack)
    place = place_of(exception) || place(stack)
    place = if place == %{}, do: %{file: "mix.exs"}, else: place
    {message, place} = told(diagnostics) || {message(kind, reason, exception), place}
    Map.merge(%{place | file: relative(place.file, folder)}, %{message: message})
  end

  defp place_of(%{file: file, line: line}) when is_binary(file) and is_integer(line),
    do: %{file: file, line: line}

  defp place_of(_), do: nil

  # The first place of the stack that is in mix.exs.
  def place(stack) do
    Enum.find_value(stack, %{}, fn
      {_, _, _, info} ->
        file = List.to_string(info[:file] || [])
        if Path.basename(file) == "mix.exs" and info[:line], do: %{file: file, line: info[:line]}

      _ ->
        nil
    end)
  end

  defp told(diagnostics) do
    Enum.find_value(diagnostics, fn
      %{severity: :error, message: message, position: position, file: file} ->
        line = if is_tuple(position), do: elem(position, 0), else: position
        {first_lines(message), %{file: to_string(file || "mix.exs"), line: line}}

      _ ->
        nil
    end)
  end

  defp message(:throw, reason, _), do: "mix.exs threw " <> inspect(reason)
  defp message(:exit, reason, _), do: "mix.exs exited with " <> inspect(reason)

  defp message(:error, _, %{description: text} = exception) when is_binary(text) do
    if Map.get(exception, :file), do: first_lines(text), else: first_lines(Exception.message(exception))
  end

  defp message(:error, _, exception), do: first_lines(Exception.message(exception))

  # A message's first paragraph as one line, and its second where the first ends in a colon.
  defp first_lines(text) do
    case text |> to_string() |> String.split("\n\n", parts: 3) |> Enum.map(&one_line/1) do
      [first, second | _] -> if String.ends_with?(first, ":"), do: first <> " " <> second, else: first
      [first] -> first
    end
  end

  defp one_line(text), do: text |> String.replace(~r/\s*\n\s*/, " ") |> String.trim()

  # in_project changes into the child's folder: a relative file of its error is relative to that.
  defp relative(file, folder) do
    root = Path.expand(File.cwd!())
    full = Path.expand(file)

    cond do
      Path.type(file) == :relative and folder != "." and not String.starts_with?(file, folder) ->
        Path.join(folder, file)

      String.starts_with?(full, root <> "/") ->
        Path.relative_to(full, root)

      true ->
        file
    end
  end

  # Values that mix.exs may have made of anything

  defp list(value) when is_list(value), do: value
  defp list(_), do: []
  defp name(nil), do: nil
  defp name(value) when is_atom(value), do: Atom.to_string(value)
  defp name(value), do: string(value) || inspect(value)
  defp string(value) when is_binary(value), do: value
  defp string(_), do: nil
end
