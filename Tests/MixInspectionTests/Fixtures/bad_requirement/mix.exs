defmodule BadRequirement.MixProject do
  use Mix.Project

  def project do
    [
      app: :bad_requirement,
      version: "0.1.0",
      elixir: "1.14",
      deps: []
    ]
  end

  def application do
    [mod: {BadRequirement.Application, []}]
  end
end
