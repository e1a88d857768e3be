defmodule :mixpack_calls do
  @moduledoc false

  # Which clauses of a function a call means, as far as its arguments tell.

  # The clauses that may be meant; none after one that surely is.
  def matching(clauses, values, context) do
    clauses
    |> Enum.filter(fn {parameters, _, _} -> length(parameters) == length(values) end)
    |> Enum.reduce_while([], fn {parameters, guard, body}, taken ->
      bound =
        parameters
        |> Enum.zip(values)
        |> Enum.reduce(context, fn {pattern, values}, inner -> :mixpack_values.bind(inner, pattern, values) end)

      case holds(Enum.zip(parameters, values), guard, bound) do
        false -> {:cont, taken}
        true -> {:halt, [{parameters, body} | taken]}
        :unknown -> {:cont, [{parameters, body} | taken]}
      end
    end)
    |> Enum.reverse()
  end

  defp holds(pairs, guard, context) do
    fits = Enum.map(pairs, fn {pattern, values} -> fits(pattern, values) end)
    guard = if guard == nil, do: true, else: :mixpack_values.truth(guard, context)

    cond do
      false in [guard | fits] -> false
      :unknown in [guard | fits] -> :unknown
      true -> true
    end
  end

  def fits({:\\, _, [pattern, _]}, values), do: fits(pattern, values)
  def fits({name, _, nothing}, _) when is_atom(name) and is_atom(nothing), do: true

  def fits(literal, [value]) when is_atom(literal) or is_number(literal) or is_binary(literal),
    do: if(:mixpack_values.hole?(value), do: :unknown, else: literal === value)

  def fits(_, _), do: :unknown

  # Whether a call only passes on the name that it got from its own caller.
  def passed_on?(arguments, values) do
    named = for {argument, values} <- Enum.zip(arguments, values), values != [:"$environment"], do: argument
    not Enum.any?(named, &is_binary/1) and Enum.any?(named, &(not is_atom(&1) and not is_number(&1)))
  end

  def parameters([{:when, _, parts}]), do: Enum.drop(parts, -1)
  def parameters(parameters), do: parameters

  def guard([{:when, _, parts}]), do: List.last(parts)
  def guard(_), do: nil
end
