defmodule DefaultRelease.MixProject do
  use Mix.Project

  def project do
    [
      app: :default_release,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      releases: [a: [], b: []],
      default_release: :b
    ]
  end

  def application do
    [mod: {DefaultRelease.Application, []}]
  end
end
