defmodule Variables.Vapor do
  alias Vapor.Provider.Env

  def providers do
    [
      %Env{
        bindings: [
          {:url, "VAPOR_URL"},
          {:port, "VAPOR_PORT", default: 20, map: &String.to_integer/1},
          {:host, "VAPOR_HOST", required: false}
        ]
      },
      %Vapor.Provider.Env{required: false, bindings: [name: "VAPOR_NAME"]}
    ]
  end
end
