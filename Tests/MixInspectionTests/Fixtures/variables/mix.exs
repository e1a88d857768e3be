defmodule Variables.MixProject do
  use Mix.Project

  def project do
    [app: :variables, version: System.get_env("APP_VERSION", "0.1.0"), deps: deps()]
  end

  def application, do: [mod: {Variables.Application, []}]

  defp deps, do: []
end
