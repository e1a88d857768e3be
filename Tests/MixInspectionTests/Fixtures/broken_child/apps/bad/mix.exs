defmodule Bad.MixProject do
  use Mix.Project

  def project do
    [app: :bad, version: "0.1.0", deps: [}]
  end
end
