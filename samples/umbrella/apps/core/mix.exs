defmodule Core.MixProject do
  use Mix.Project

  def project do
    [
      app: :core,
      version: "0.2.0",
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: []
    ]
  end

  def application do
    [
      # With crypto here, and not in web, both releases need the same applications of Erlang: their images share that layer.
      extra_applications: [:logger, :crypto],
      mod: {Core.Application, []}
    ]
  end
end
