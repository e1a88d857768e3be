defmodule Hello.Counter do
  @moduledoc """
  Counts the greetings since the application started.
  """

  use Agent

  def start_link(_options) do
    Agent.start_link(fn -> 0 end, name: __MODULE__)
  end

  def increment do
    Agent.update(__MODULE__, &(&1 + 1))
  end

  def value do
    Agent.get(__MODULE__, & &1)
  end
end
