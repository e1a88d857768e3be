defmodule Literal.Helpers do
  def project, do: [app: :wrong]
end

defmodule Literal.MixProject do
  use Mix.Project

  @app :literal
  @version "1.2" <> ".3"

  # A comment with [ brackets and "quotes".
  def project() do
    [
      app: @app,
      version: @version,
      elixir: ~s(~> 1.14),
      default_release: :web,
      releases: releases() ++ [worker: fn -> [] end],
      deps: deps(),
      aliases: [setup: ["deps.get"], "assets.deploy": ["esbuild default --minify"]],
      preferred_cli_env: ["ci.test": :test],
      test_coverage: [threshold: 90.5, ignore: ~r/foo"bar/]
    ]
  end

  def application, do: [mod: {Literal.Application, []}]

  defp releases, do: [web: [applications: [literal: :permanent], runtime_config_path: false, cookie: "x"]]

  defp deps do
    [
      {:jason, "~> 1.2"},
      {:ours, "~> 0.1", organization: "acme"},
      {:heroicons, github: "tailwindlabs/heroicons", tag: "v2.1.1", sparse: "optimized", app: false},
      {:tool, git: "ssh://git@example.org/tool.git", only: [:dev, :test]},
      {:near, path: "vendor/near"},
      {:phoenix_pubsub, "~> 2.0"}
    ]
  end

  defp elixirc_paths(:test), do: ["lib", "test/support"]
  defp elixirc_paths(_), do: ["lib"]
end
