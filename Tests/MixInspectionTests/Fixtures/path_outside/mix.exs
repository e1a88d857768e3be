defmodule PathOutside.MixProject do
  use Mix.Project

  def project do
    [
      app: :path_outside,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [{:shared, path: "../shared"}, {:inside, path: "vendor/inside"}, {:testing, path: "../testing", only: :test}]
    ]
  end

  def application do
    [mod: {PathOutside.Application, []}]
  end
end
