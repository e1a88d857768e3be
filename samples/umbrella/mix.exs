defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      version: "0.2.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: [],
      releases: releases()
    ]
  end

  defp releases do
    [
      web_rel: [
        version: "0.2.0",
        applications: [web: :permanent]
      ],
      worker_rel: [
        version: "0.2.0",
        applications: [worker: :permanent],
        # The worker has nothing to configure, and no secret to ask for.
        runtime_config_path: false
      ]
    ]
  end
end
