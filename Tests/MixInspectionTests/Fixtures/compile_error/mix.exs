defmodule CompileError.MixProject do
  use Mix.Project

  def project do
    [
      app: :compile_error,
      version: undefined_function_of_mine("x"),
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {CompileError.Application, []}]
  end
end
