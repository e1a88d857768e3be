defmodule :mixpack_json do
  @moduledoc false

  # Writes JSON, which Elixir has of its own only from 1.18 on.

  def encode(nil), do: "null"
  def encode(value) when is_boolean(value) or is_integer(value), do: to_string(value)
  def encode(value) when is_binary(value), do: [?", escape(value), ?"]
  def encode(value) when is_atom(value), do: encode(Atom.to_string(value))
  def encode(value) when is_list(value), do: [?[, value |> Enum.map(&encode/1) |> Enum.intersperse(?,), ?]]

  def encode(value) when is_map(value) do
    pairs = for {key, value} <- value, do: [encode(key), ?:, encode(value)]
    [?{, Enum.intersperse(pairs, ?,), ?}]
  end

  defp escape(text) do
    text = if String.valid?(text), do: text, else: inspect(text)

    for <<character::utf8 <- text>>, into: "" do
      case character do
        ?" -> "\\\""
        ?\\ -> "\\\\"
        control when control < 0x20 -> "\\u" <> String.pad_leading(Integer.to_string(control, 16), 4, "0")
        character -> <<character::utf8>>
      end
    end
  end
end
