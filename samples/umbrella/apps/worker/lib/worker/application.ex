defmodule Worker.Application do
  @moduledoc false

  use Application

  @impl true
  def start(_type, _args) do
    children = [{Worker.Ticker, interval: Application.fetch_env!(:worker, :interval)}]
    Supervisor.start_link(children, strategy: :one_for_one, name: Worker.Supervisor)
  end
end
