# Run by mixpack in a project's folder before its dependencies are compiled: writes what the configuration sets, for each
# application, so that dependencies can be compiled with it and without the project.
#
# usage: elixir mixpack_configuration.exs OUT OWN_APPLICATIONS NAMES_OF_SECRETS
#
# OUT.txt has lines "APPLICATION SHA256 KIND". KIND is data, code if a value cannot leave this VM, or secret if a value
# contains a secret's; then - stands in the place of the SHA256. OUT.terms has the configuration of kind data of all but the own applications.
defmodule :mixpack_configuration do
  def main([out, own, secrets]) do
    Mix.start()
    env = String.to_atom(System.get_env("MIX_ENV") || "prod")
    Mix.env(env)
    own = String.split(own, ",", trim: true)
    secrets = for name <- String.split(secrets, ",", trim: true), value = System.get_env(name), value != "", do: value

    described =
      for {app, values} <- read("config/config.exs", env), Atom.to_string(app) not in own do
        term = :erlang.term_to_binary(values, [:deterministic])
        kind = kind(values, term, secrets)
        hash = if kind == "secret", do: "-", else: Base.encode16(:crypto.hash(:sha256, term), case: :lower)
        {app, values, hash, kind}
      end

    lines = for {app, _, hash, kind} <- described, do: [Atom.to_string(app), " ", hash, " ", kind, "\n"]
    terms = for {app, values, _, "data"} <- described, do: {app, values}
    File.write!(out <> ".terms", :erlang.term_to_binary(terms, [:deterministic]))
    File.write!(out <> ".txt", lines)
  end

  defp read(file, env) do
    if File.regular?(file), do: Config.Reader.read!(file, env: env, target: :host), else: []
  end

  defp kind(values, term, secrets) do
    cond do
      Enum.any?(secrets, &(:binary.match(term, &1) != :nomatch)) -> "secret"
      code?(values) -> "code"
      true -> "data"
    end
  end

  defp code?(value) when is_function(value), do: :erlang.fun_info(value, :type) != {:type, :external}
  defp code?(value) when is_pid(value) or is_port(value) or is_reference(value), do: true
  defp code?([head | tail]), do: code?(head) or code?(tail)
  defp code?(value) when is_tuple(value), do: value |> Tuple.to_list() |> code?()
  defp code?(value) when is_map(value), do: value |> Map.to_list() |> code?()
  defp code?(_), do: false
end

:mixpack_configuration.main(System.argv())
