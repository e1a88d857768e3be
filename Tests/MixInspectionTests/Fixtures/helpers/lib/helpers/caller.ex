defmodule Helpers.Caller do
  def called, do: Helpers.Env.text("CALLED_IN_CODE")

  def unknown(settings), do: Helpers.Env.text(settings.name)
end
