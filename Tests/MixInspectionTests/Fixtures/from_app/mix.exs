defmodule FromApp.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      version: "0.0.1+root",
      deps: [],
      releases: [
        all: [version: {:from_app, :good}, applications: [good: :permanent]],
        bare: []
      ]
    ]
  end
end
