defmodule Computed.MixProject do
  use Mix.Project

  @version "1.2.3"
  @names [:one, :two]

  def project do
    [
      app: :computed,
      version: String.trim(File.read!("VERSION")),
      elixir: ">= 1.12.0 and < 3.0.0",
      releases: releases(),
      deps: deps() ++ extra()
    ]
  end

  def application, do: [extra_applications: [:logger], mod: {Computed.Application, []}]

  defp releases do
    for name <- @names do
      {name, fn -> [version: @version, applications: [{name, :temporary}]] end}
    end
  end

  defp deps, do: []
  defp extra, do: if(Mix.env() == :prod, do: [], else: [{:nothing, "~> 1.0"}])
end
