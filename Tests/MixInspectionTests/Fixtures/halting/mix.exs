defmodule Halting.MixProject do
  use Mix.Project

  def project do
    [
      app: :halting,
      version: System.halt(3),
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {Halting.Application, []}]
  end
end
