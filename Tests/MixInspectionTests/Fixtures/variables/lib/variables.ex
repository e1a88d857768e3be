defmodule Variables do
  @compiled System.get_env("COMPILED_IN")
  @doc "System.get_env(\"IN_A_COMMENT\")"
  def compiled, do: @compiled

  def at_run_time(name \\ "x") do
    System.get_env(name) || System.get_env("LIB_RUN") || "18"
  end
end
