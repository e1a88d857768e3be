defmodule :mixpack_needs do
  @moduledoc false

  # What becomes of a value when it is missing: whether code then raises, takes a default, or goes another way; and the text
  # of a default.

  def use_of_default(default, context) do
    if :mixpack_values.of(default, context) == [nil],
      do: context.use,
      else: {:default, known(default, context)}
  end

  # What becomes of a value that is tested, when it is missing.
  def use_of_test(condition, when_missing, when_there, context) do
    cond do
      raises?(when_missing, context) -> :required
      not tests_presence?(condition) -> :flag
      not mentions?(when_there, condition, context) -> :flag
      when_missing == nil or :mixpack_values.of(when_missing, context) == [nil] -> :value
      known?(when_missing, context) -> {:default, known(when_missing, context)}
      true -> {:default, nil}
    end
  end

  def tests_presence?({:=, _, _}), do: true
  def tests_presence?({:is_nil, _, _}), do: true
  def tests_presence?({:is_binary, _, _}), do: true
  def tests_presence?({operator, _, [inner]}) when operator in [:!, :not], do: tests_presence?(inner)
  def tests_presence?({operator, _, [_, missing]}) when operator in [:==, :===, :!=, :!==], do: missing in [nil, ""]
  def tests_presence?({:in, _, [_, list]}) when is_list(list), do: nil in list

  def tests_presence?({operator, _, [left, right]}) when operator in [:and, :&&],
    do: tests_presence?(left) and tests_presence?(right)

  def tests_presence?({name, _, nothing}) when is_atom(name) and is_atom(nothing), do: true
  def tests_presence?({{:., _, [_, function]}, _, _}), do: function in [:get_env, :getenv, :fetch_env]
  def tests_presence?(_), do: false

  # Whether code uses what a condition tests: the same variable, or the same read.
  def mentions?(code, condition, context) do
    {_, variables} =
      Macro.prewalk(condition, [], fn
        {name, _, nothing} = node, names when is_atom(name) and is_atom(nothing) ->
          {node, [name | names]}

        {{:., _, [_, function]}, _, [name | _]} = node, names when function in [:get_env, :getenv, :fetch_env] ->
          {node, :mixpack_values.of(name, context) ++ names}

        node, names ->
          {node, names}
      end)

    :mixpack_code.any?(code, fn
      {name, _, nothing} when is_atom(name) and is_atom(nothing) -> name in variables
      name when is_binary(name) -> name in variables
      _ -> false
    end)
  end

  # What becomes of a value that is compared with clauses when it is missing.
  def use_of_case(clauses, context) do
    missing =
      Enum.find(clauses, fn
        {:->, _, [[pattern], _]} -> takes_missing?(pattern)
        _ -> false
      end)

    body = if missing, do: clause_body(missing), else: nil

    cond do
      raises?(body, context) or missing == nil ->
        :required

      known?(body, context) and :mixpack_values.of(body, context) not in [[nil], [:ok], [:error], [[]]] ->
        {:default, known(body, context)}

      Enum.any?(clauses, &match?({:->, _, [[text], _]} when is_binary(text), &1)) ->
        :flag

      true ->
        :value
    end
  end

  defp takes_missing?(nil), do: true
  defp takes_missing?(:error), do: true
  defp takes_missing?({:when, _, [pattern | _]}), do: takes_missing?(pattern)
  defp takes_missing?({name, _, context}) when is_atom(name) and is_atom(context), do: true
  defp takes_missing?(_), do: false

  def clause_body({:->, _, [_, body]}), do: body
  def clause_body(_), do: nil

  def tests_nil?({:is_nil, _, _}), do: true
  def tests_nil?({operator, _, [_]}) when operator in [:!, :not], do: true
  def tests_nil?({operator, _, [_, missing]}) when operator in [:==, :===] and missing in [nil, ""], do: true
  def tests_nil?({:in, _, [_, list]}) when is_list(list), do: nil in list
  def tests_nil?(_), do: false

  # Whether code stops there whatever happens: a branch that may go on is none.
  def raises?({:__block__, _, steps}, context), do: Enum.any?(steps, &raises?(&1, context))

  def raises?({function, _, arguments}, _) when function in [:raise, :reraise, :throw, :exit] and is_list(arguments),
    do: true

  def raises?({{:., _, [_, function]}, _, _}, _) when function in [:raise, :halt, :stop, :abort], do: true

  def raises?({test, _, [condition, branches]}, context) when test in [:if, :unless] and is_list(branches) do
    case :mixpack_values.truth(condition, context) do
      :unknown -> Enum.all?([:do, :else], &raises?(branches[&1], context))
      holds -> raises?(branches[if(holds == (test == :if), do: :do, else: :else)], context)
    end
  end

  def raises?({:case, _, [_, [{:do, clauses} | _]]}, context) when is_list(clauses), do: all_raise?(clauses, context)
  def raises?({:cond, _, [[{:do, clauses} | _]]}, context) when is_list(clauses), do: all_raise?(clauses, context)

  def raises?({operator, _, [left, right]}, context) when operator in [:|>, :<>, :=],
    do: raises?(left, context) or raises?(right, context)

  def raises?({operator, _, [left, _]}, context) when operator in [:&&, :||, :and, :or], do: raises?(left, context)
  def raises?(_, _), do: false

  defp all_raise?(clauses, context),
    do: clauses != [] and Enum.all?(clauses, &raises?(clause_body(&1), context))

  # Whether all values that an expression may have are known.
  def known?(code, context),
    do: code |> :mixpack_values.of(context) |> Enum.any?(&:mixpack_values.hole?/1) |> Kernel.not()

  # The text of the one value that an expression has.
  def known(code, context) do
    case :mixpack_values.of(code, context) do
      [value] -> if :mixpack_values.hole?(value), do: nil, else: literal(value)
      _ -> nil
    end
  end

  def literal(value) when is_binary(value), do: value
  def literal(value) when is_number(value) or (is_atom(value) and value != nil), do: inspect(value)
  def literal([_ | _] = value), do: if(List.ascii_printable?(value), do: List.to_string(value))
  def literal(_), do: nil
end
