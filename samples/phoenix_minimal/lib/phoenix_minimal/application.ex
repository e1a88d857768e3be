defmodule PhoenixMinimal.Application do
  @moduledoc false

  use Application

  @impl true
  def start(_type, _args) do
    children = [
      PhoenixMinimalWeb.Telemetry,
      {DNSCluster, query: Application.get_env(:phoenix_minimal, :dns_cluster_query) || :ignore},
      {Phoenix.PubSub, name: PhoenixMinimal.PubSub},
      PhoenixMinimalWeb.Endpoint
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: PhoenixMinimal.Supervisor)
  end

  @impl true
  def config_change(changed, _new, removed) do
    PhoenixMinimalWeb.Endpoint.config_change(changed, removed)
    :ok
  end
end
