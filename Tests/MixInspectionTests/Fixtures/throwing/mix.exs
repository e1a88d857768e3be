defmodule Throwing.MixProject do
  use Mix.Project

  def project do
    [
      app: :throwing,
      version: throw(:ball),
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {Throwing.Application, []}]
  end
end
