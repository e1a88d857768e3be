defmodule Loopback.MixProject do
  use Mix.Project

  def project, do: [app: :loopback, version: "0.1.0", deps: [{:phoenix, "~> 1.7"}]]
  def application, do: [mod: {Loopback.Application, []}]
end
