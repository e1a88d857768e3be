defmodule Exiting.MixProject do
  use Mix.Project

  def project do
    [
      app: :exiting,
      version: exit(:done),
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {Exiting.Application, []}]
  end
end
