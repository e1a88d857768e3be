defmodule Core.Application do
  @moduledoc false

  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([Core.Visits], strategy: :one_for_one, name: Core.Supervisor)
  end
end
