defmodule Broken do
  def x, do: System.get_env("IN_BROKEN_FILE"
end
