defmodule Mix.Tasks.Work do
  use Mix.Task
  def run(_), do: System.fetch_env!("IN_A_TASK")
end
