defmodule ShopWeb.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop_web,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [{:phoenix, "~> 1.7.12"}, {:shop, in_umbrella: true}],
      aliases: ["assets.deploy": ["esbuild shop_web --minify", "phx.digest"]],
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock"
    ]
  end

  def application do
    [mod: {ShopWeb.Application, []}]
  end
end
