defmodule DefaultMissing.MixProject do
  use Mix.Project

  def project do
    [
      app: :default_missing,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      releases: [a: [], b: []],
      default_release: :zz
    ]
  end

  def application do
    [mod: {DefaultMissing.Application, []}]
  end
end
