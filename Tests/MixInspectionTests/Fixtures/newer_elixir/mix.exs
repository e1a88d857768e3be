defmodule NewerElixir.MixProject do
  use Mix.Project

  def project do
    [
      app: :newer_elixir,
      version: "0.1.0",
      elixir: "~> 1.17",
      deps: []
    ]
  end

  def application do
    [mod: {NewerElixir.Application, []}]
  end
end
