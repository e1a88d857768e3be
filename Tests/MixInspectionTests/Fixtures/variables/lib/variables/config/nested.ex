defmodule Variables.Config.Nested do
  def value, do: System.fetch_env!("NESTED_RUN")
end
