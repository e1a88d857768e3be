defmodule Distilled.MixProject do
  use Mix.Project

  def project do
    [
      app: :distilled,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [{:distillery, "~> 2.1"}]
    ]
  end

  def application do
    [mod: {Distilled.Application, []}]
  end
end
