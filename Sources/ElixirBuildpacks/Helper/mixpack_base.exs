# Run by mixpack after `mix release NAME --path PATH`, in the same VM, where a project defines several releases: copies into
# PATH the applications of OTP and Elixir that only the other releases need, so that the releases' images share a layer.
defmodule Mix.Tasks.Mixpack.Base do
  use Mix.Task

  @impl true
  def run([path]) do
    config = Mix.Project.config()
    roots = [to_string(:code.root_dir()), Path.dirname(to_string(:code.lib_dir(:elixir)))]

    for name <- Keyword.keys(config[:releases] || []),
        release = load(name, config),
        {app, properties} <- release.applications,
        source = to_string(properties[:path]),
        Enum.any?(roots, &String.starts_with?(source, &1 <> "/")),
        not File.dir?(Path.join([path, "lib", "#{app}-#{properties[:vsn]}"])) do
      Mix.Release.copy_app(%{release | path: path}, app)
    end
  end

  # A release that cannot be assembled keeps no other from being.
  defp load(name, config) do
    Mix.Release.from_config!(name, config, [])
  rescue
    _ -> nil
  end
end
