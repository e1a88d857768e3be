defmodule Broken.MixProject do
  use Mix.Project

  def project, do: [apps_path: "apps", deps: [], releases: [all: [version: {:from_app, :good}, applications: [good: :permanent]]]]
end
