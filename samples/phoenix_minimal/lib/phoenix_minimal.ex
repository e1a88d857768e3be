defmodule PhoenixMinimal do
  @moduledoc """
  The application's own rules; the web is in `PhoenixMinimalWeb`.
  """

  @doc """
  Returns the text of the front page.
  """
  def welcome do
    "A Phoenix release in an image without a Dockerfile."
  end
end
