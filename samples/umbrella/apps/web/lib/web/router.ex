defmodule Web.Router do
  @moduledoc """
  Answers requests: a status line and a text body.
  """

  def call(:GET, "/") do
    visits = Core.visit()
    {"200 OK", "visit #{visits}, signed #{Web.Signature.sign("visit #{visits}")}\n"}
  end

  def call(:GET, "/health"), do: {"200 OK", "ok\n"}
  def call(_method, _path), do: {"404 Not Found", "not found\n"}
end
