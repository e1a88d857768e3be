defmodule Good.MixProject do
  use Mix.Project

  def project do
    [
      app: :good,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock"
    ]
  end

  def application do
    [mod: {Good.Application, []}]
  end
end
