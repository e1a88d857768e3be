defmodule InvalidName.MixProject do
  use Mix.Project

  def project do
    [
      app: :invalid_name,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      releases: ["My-App": []]
    ]
  end

  def application do
    [mod: {InvalidName.Application, []}]
  end
end
