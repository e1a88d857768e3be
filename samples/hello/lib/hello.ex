defmodule Hello do
  @moduledoc """
  Greets whoever asks.
  """

  @doc """
  Returns a greeting and counts it.

      iex> Hello.greeting("Ada")
      "Hello, Ada!"

  """
  def greeting(name \\ "world") do
    Hello.Counter.increment()
    "Hello, #{name}!"
  end
end
