defmodule NervesApp.MixProject do
  use Mix.Project

  def project do
    [
      app: :nerves_app,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [{:nerves, "~> 1.10", runtime: false}]
    ]
  end

  def application do
    [mod: {NervesApp.Application, []}]
  end
end
