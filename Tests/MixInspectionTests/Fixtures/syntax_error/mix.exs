defmodule SyntaxError.MixProject do
  use Mix.Project

  def project do
    [app: :syntax_error, version: "0.1.0"
  end
end
