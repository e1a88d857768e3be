defmodule NoErts.MixProject do
  use Mix.Project

  def project do
    [
      app: :no_erts,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      releases: [no_erts: [include_erts: false]]
    ]
  end

  def application do
    [mod: {NoErts.Application, []}]
  end
end
