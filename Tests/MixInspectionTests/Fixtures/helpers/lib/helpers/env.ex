defmodule Helpers.Env do
  def fetch!(name), do: System.get_env(name) || raise("#{name} is missing")

  def integer(name, default \\ nil) when is_integer(default) do
    value = System.get_env(name)
    if value, do: String.to_integer(value), else: default
  end

  def text(name) do
    case System.fetch_env(name) do
      {:ok, text} -> String.trim(text)
      :error -> nil
    end
  end

  @prefix "HELPERS_"
  def prefixed(name), do: text(@prefix <> name)
end
