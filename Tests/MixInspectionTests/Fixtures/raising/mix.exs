defmodule Raising.MixProject do
  use Mix.Project

  def project do
    [
      app: :raising,
      version: version(),
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {Raising.Application, []}]
  end

  defp version do
    raise "no version:\nthere is no file VERSION"
  end
end
