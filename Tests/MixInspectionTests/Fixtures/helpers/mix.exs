defmodule Helpers.MixProject do
  use Mix.Project

  def project do
    [app: :helpers, version: "0.1.0", deps: deps(System.get_env("PRIVATE_HEX_KEY"))]
  end

  def application, do: [mod: {Helpers, []}]

  defp deps(_key), do: []
end
