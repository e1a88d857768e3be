defmodule StrayChild.MixProject do
  use Mix.Project

  def project do
    [
      app: :stray_child,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      build_path: "../../_build",
      lockfile: "../../mix.lock"
    ]
  end

  def application do
    [mod: {StrayChild.Application, []}]
  end
end
