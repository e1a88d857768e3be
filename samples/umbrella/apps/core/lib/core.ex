defmodule Core do
  @moduledoc """
  What the other applications share: the count of visits.
  """

  @doc "Counts a visit and returns how many there have been."
  def visit do
    Core.Visits.increment()
  end

  @doc "Returns how many visits there have been."
  def visits do
    Core.Visits.count()
  end
end
