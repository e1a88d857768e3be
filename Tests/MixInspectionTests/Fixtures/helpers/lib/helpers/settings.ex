defmodule Helpers.Settings do
  alias Helpers.Env

  def value!(key), do: Env.fetch!(name(key))
  def value(key), do: key |> name() |> Env.text()

  defp name(key), do: key |> Atom.to_string() |> String.upcase()
end
