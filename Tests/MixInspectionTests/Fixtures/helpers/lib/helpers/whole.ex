defmodule Helpers.Whole do
  def pool(env), do: size(env, "POOL_OF_WHOLE")

  defp size(env, name), do: String.to_integer(env[name] || "5")
end
