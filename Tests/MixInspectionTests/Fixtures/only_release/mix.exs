defmodule OnlyRelease.MixProject do
  use Mix.Project

  def project do
    [
      app: :only_release,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      releases: [other_name: [cookie: "monster", include_erts: true, steps: [:assemble, :tar]]]
    ]
  end

  def application do
    [mod: {OnlyRelease.Application, []}]
  end
end
