defmodule Sleeping.MixProject do
  use Mix.Project

  def project do
    [
      app: :sleeping,
      version: version(),
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {Sleeping.Application, []}]
  end

  defp version do
    Process.sleep(:infinity)
    "0.1.0"
  end
end
