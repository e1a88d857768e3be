IO.puts("{\"own\": \"this is not the answer\"}")
IO.puts(:stderr, String.duplicate("noise ", 50_000))
defmodule Noisy.MixProject do
  use Mix.Project

  def project do
    [
      app: :noisy,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {Noisy.Application, []}]
  end

  defp unused, do: IO.puts("a warning on standard error")
end
