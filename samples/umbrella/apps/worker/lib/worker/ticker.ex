defmodule Worker.Ticker do
  @moduledoc """
  Does a piece of work at a steady interval.
  """

  use GenServer

  require Logger

  def start_link(options) do
    {name, options} = Keyword.pop(options, :name, __MODULE__)
    GenServer.start_link(__MODULE__, options, name: name)
  end

  @doc "Returns how many pieces of work have been done."
  def ticks(server \\ __MODULE__) do
    GenServer.call(server, :ticks)
  end

  @impl true
  def init(options) do
    {:ok, %{ticks: 0, interval: Keyword.fetch!(options, :interval)}, {:continue, :wait}}
  end

  @impl true
  def handle_continue(:wait, state) do
    Process.send_after(self(), :tick, state.interval)
    {:noreply, state}
  end

  @impl true
  def handle_info(:tick, state) do
    Logger.info("worker counts #{Core.visits()} visits")
    {:noreply, %{state | ticks: state.ticks + 1}, {:continue, :wait}}
  end

  @impl true
  def handle_call(:ticks, _from, state) do
    {:reply, state.ticks, state}
  end
end
