defmodule Several.MixProject do
  use Mix.Project

  def project do
    [
      app: :several,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      releases: [a: [version: "1.0.0"], b: [version: "2.0.0", applications: [runtime_tools: :load]]]
    ]
  end

  def application do
    [mod: {Several.Application, []}]
  end
end
