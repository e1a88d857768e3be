defmodule PhoenixMinimalWeb.Telemetry do
  @moduledoc false

  use Supervisor

  import Telemetry.Metrics

  def start_link(argument) do
    Supervisor.start_link(__MODULE__, argument, name: __MODULE__)
  end

  @impl true
  def init(_argument) do
    children = [{:telemetry_poller, measurements: [], period: 10_000}]
    Supervisor.init(children, strategy: :one_for_one)
  end

  def metrics do
    [
      summary("phoenix.endpoint.stop.duration", unit: {:native, :millisecond}),
      summary("phoenix.router_dispatch.stop.duration",
        tags: [:route],
        unit: {:native, :millisecond}
      ),
      summary("vm.memory.total", unit: {:byte, :kilobyte})
    ]
  end
end
