defmodule Hello.Application do
  @moduledoc false

  use Application

  require Logger

  @impl true
  def start(_type, _args) do
    Logger.info("hello is up")

    Supervisor.start_link([Hello.Counter], strategy: :one_for_one, name: Hello.Supervisor)
  end
end
