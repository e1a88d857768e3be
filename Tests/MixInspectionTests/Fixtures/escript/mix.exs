defmodule Tool.MixProject do
  use Mix.Project

  def project do
    [
      app: :tool,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      escript: [main_module: Tool.CLI]
    ]
  end

  def application do
    [mod: {Tool.Application, []}]
  end
end
