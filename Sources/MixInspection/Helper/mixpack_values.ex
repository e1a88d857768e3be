defmodule :mixpack_values do
  @moduledoc false

  # What an expression comes to, without running it: a list of the values that it may have. A part that is not known is a
  # hole: `:"$param"` where it comes with a parameter of the function around it, otherwise `:"$unknown"`.
  # `:"$system"` is the name in a tuple `{:system, name}`, `:"$set"` a value that every release has, `:"$environment"` all
  # variables as a map, `{:"$read", names, place}` the value of a variable, `{:"$fn", clauses, context}` an anonymous
  # function.

  @most 200
  @unknown :"$unknown"

  # What a release's own script sets, so that it is there at run time.
  @set ~w(RELEASE_NAME RELEASE_ROOT RELEASE_VSN RELEASE_MODE RELEASE_COMMAND RELEASE_PROG)

  # Functions that are safe to call, and that always come to an end soon.
  @pure [
    {:String, [:upcase, :downcase, :trim, :trim_leading, :trim_trailing, :replace, :capitalize, :to_atom, :split]},
    {:Atom, [:to_string, :to_charlist]},
    {:Macro, [:underscore, :camelize]},
    {:Enum, [:join, :member?, :concat, :uniq, :reverse]},
    {:Keyword, [:get, :has_key?, :keys, :values]},
    {:Map, [:get]},
    {:List, [:to_string, :wrap]},
    {:Integer, [:to_string]}
  ]

  def unknown, do: @unknown

  # The environment of mix that is built.
  def environment, do: "MIX_ENV" |> System.get_env("prod") |> String.to_atom()

  def of(value, _) when is_binary(value) or is_number(value) or is_atom(value), do: [value]
  def of({:__block__, _, [value]}, context), do: of(value, context)
  def of([], _), do: [[]]

  def of([head | tail], context) when is_list(tail),
    do:
      combine([of(head, context), of(tail, context)], fn [head, tail] ->
        if is_list(tail), do: [head | tail], else: @unknown
      end)

  def of({left, right}, context), do: combine([of(left, context), of(right, context)], &List.to_tuple/1)
  def of({:{}, _, parts}, context), do: combine(Enum.map(parts, &of(&1, context)), &List.to_tuple/1)

  def of({:<<>>, _, parts}, context) do
    parts
    |> Enum.map(fn
      text when is_binary(text) -> [text]
      {:"::", _, [{{:., _, [Kernel, :to_string]}, _, [part]}, _]} -> of(part, context)
      _ -> [@unknown]
    end)
    |> combine(&strict(&1, fn parts -> Enum.map_join(parts, fn part -> to_string(part) end) end))
  end

  def of({:<>, _, [left, right]}, context),
    do: combine([of(left, context), of(right, context)], &strict(&1, fn [left, right] -> left <> right end))

  def of({:++, _, [left, right]}, context),
    do: combine([of(left, context), of(right, context)], &strict(&1, fn [left, right] -> left ++ right end))

  def of({sigil, _, [{:<<>>, _, _} = text, modifiers]}, context) when sigil in [:sigil_w, :sigil_W] do
    combine(
      [of(text, context)],
      &strict(&1, fn [text] ->
        words = String.split(text)
        if ?a in modifiers, do: Enum.map(words, fn word -> String.to_atom(word) end), else: words
      end)
    )
  end

  def of({sigil, _, [{:<<>>, _, _} = text, _]}, context) when sigil in [:sigil_s, :sigil_S, :sigil_c, :sigil_C],
    do: of(text, context)

  def of({:|>, _, [left, right]}, context) do
    case right do
      {_, _, arguments} when is_list(arguments) -> of(Macro.pipe(left, right, 0), context)
      _ -> [@unknown]
    end
  end

  def of({:config_env, _, arguments}, _) when arguments in [[], nil], do: [environment()]
  def of({:config_target, _, arguments}, _) when arguments in [[], nil], do: [:host]
  def of({{:., _, [{:__aliases__, _, [:Mix]}, :env]}, _, []}, _), do: [environment()]
  def of({{:., _, [{:__aliases__, _, [:Mix]}, :target]}, _, []}, _), do: [:host]
  def of({:__DIR__, _, _}, _), do: ["__DIR__"]

  def of({:@, _, [{name, _, nothing}]}, context) when nothing in [nil, []],
    do: Map.get(context.attributes, name, [@unknown])

  def of({:__aliases__, _, _} = name, context) do
    case :mixpack_code.module(name, context) do
      nil -> [@unknown]
      module -> [Module.concat([module])]
    end
  end

  def of({:fn, _, clauses}, context), do: [{:"$fn", clauses, context}]
  def of({:&, _, [_]} = capture, context), do: capture |> :mixpack_code.function_of_capture() |> of(context)

  # Values that hold in production, or are the same everywhere

  def of({operator, _, [left, right]}, context) when operator in [:and, :&&] do
    case {truth(left, context), truth(right, context)} do
      {false, _} -> [false]
      {true, _} -> of(right, context)
      {_, false} -> [false]
      _ -> [@unknown]
    end
  end

  def of({operator, _, [left, right]}, context) when operator in [:or, :||] do
    case {truth(left, context), truth(right, context)} do
      {false, _} -> of(right, context)
      {true, _} -> of(left, context)
      {_, true} when operator == :or -> [true]
      _ -> [@unknown]
    end
  end

  def of({operator, _, [value]}, context) when operator in [:not, :!] do
    case truth(value, context) do
      :unknown -> [@unknown]
      known -> [not known]
    end
  end

  def of({:is_nil, _, [value]}, context) do
    combine([of(value, context)], fn
      [:"$set"] -> false
      parts -> strict(parts, fn [value] -> value == nil end)
    end)
  end

  def of({test, _, [value]}, context)
      when test in [:is_binary, :is_integer, :is_atom, :is_list, :is_boolean, :is_number, :is_float, :is_tuple],
      do: combine([of(value, context)], &strict(&1, fn [value] -> apply(Kernel, test, [value]) end))

  def of({:is_function, _, [value | _]}, context),
    do: combine([of(value, context)], fn [value] -> match?({:"$fn", _, _}, value) end)

  def of({operator, _, [left, right]}, context) when operator in [:==, :===],
    do: combine([of(left, context), of(right, context)], &strict(&1, fn [left, right] -> left == right end))

  def of({operator, _, [left, right]}, context) when operator in [:!=, :!==],
    do: combine([of(left, context), of(right, context)], &strict(&1, fn [left, right] -> left != right end))

  def of({:in, _, [left, right]}, context),
    do:
      combine(
        [of(left, context), of(right, context)],
        &strict(&1, fn [left, right] when is_list(right) -> left in right end)
      )

  def of({test, _, [condition, branches]}, context) when test in [:if, :unless] and is_list(branches) do
    {when_true, when_false} =
      if test == :if, do: {branches[:do], branches[:else]}, else: {branches[:else], branches[:do]}

    case truth(condition, context) do
      true -> of(when_true, context)
      false -> of(when_false, context)
      :unknown -> Enum.take(Enum.uniq(of(when_true, context) ++ of(when_false, context)), @most)
    end
  end

  # Calls

  def of({:to_string, _, [value]}, context),
    do: combine([of(value, context)], &strict(&1, fn [value] -> to_string(value) end))

  def of({{:., _, [{:__aliases__, _, [:System]}, :get_env]}, _, []}, _), do: [:"$environment"]

  def of({{:., _, [{:__aliases__, _, [:System]}, function]}, meta, [name]}, context)
      when function in [:get_env, :fetch_env!] do
    case Enum.filter(of(name, context), &is_binary/1) do
      [] -> [@unknown]
      [name] when name in @set and :erlang.map_get(:phase, context) == :run -> [:"$set"]
      names -> [{:"$read", names, place(name, meta, context)}]
    end
  end

  def of({{:., _, [Access, :get]}, _, [subject, key]}, context),
    do:
      combine(
        [of(subject, context), of(key, context)],
        &strict(&1, fn [subject, key] when is_list(subject) -> Keyword.get(subject, key) end)
      )

  # Names of files
  def of({{:., _, [{:__aliases__, _, [:Path]}, function]}, _, arguments}, context) do
    case {function, arguments} do
      {:join, [parts]} -> join(of(parts, context))
      {:join, parts} -> join(combine(Enum.map(parts, &of(&1, context)), & &1))
      {:expand, [path]} -> of(path, context)
      {:expand, [path, folder]} -> join(combine([of(folder, context), of(path, context)], & &1))
      {:wildcard, [path | _]} -> combine([of(path, context)], & &1)
      {:relative_to_cwd, [path]} -> of(path, context)
      _ -> [@unknown]
    end
  end

  def of({{:., _, [{:__aliases__, _, [module]}, function]}, _, arguments}, context) when is_list(arguments) do
    if function in Keyword.get(@pure, module, []) do
      combine(
        Enum.map(arguments, &of(&1, context)),
        &strict(&1, fn values -> apply(Module.concat([module]), function, values) end)
      )
    else
      [@unknown]
    end
  end

  def of({{:., _, [function]}, meta, arguments}, context) do
    case of(function, context) do
      [{:"$fn", clauses, scope}] -> of_clauses(clauses, arguments, scope, with_site(context, meta))
      _ -> [@unknown]
    end
  end

  def of({name, _, nothing}, context) when is_atom(name) and is_atom(nothing),
    do: Map.get(context.bindings, name, [@unknown])

  # A small function of the project's, such as one that makes a variable's name of a key.
  def of({name, _, arguments} = call, %{depth: depth} = context)
      when is_atom(name) and is_list(arguments) and depth < 10 do
    case :mixpack_code.called(call, context) do
      {%{clauses: [{parameters, _, body}]} = function, arguments} ->
        context = with_site(context, elem(call, 1))
        of_body(parameters, body, arguments, %{Map.merge(context, function.scope) | bindings: %{}}, context)

      _ ->
        [@unknown]
    end
  end

  def of(_, _), do: [@unknown]

  defp of_clauses([{:->, _, [parameters, body]}], arguments, scope, context),
    do: of_body(parameters, body, arguments, scope, context)

  defp of_clauses(_, _, _, _), do: [@unknown]

  defp of_body(parameters, body, arguments, scope, context) do
    if length(parameters) == length(arguments) and context.depth < 10 do
      bindings = Map.merge(scope.bindings, bound(parameters, arguments, context))
      scope = Map.merge(scope, %{bindings: bindings, depth: context.depth + 1, site: context[:site]})
      last(body, scope)
    else
      [@unknown]
    end
  end

  defp last({:__block__, _, [_ | _] = steps}, scope) do
    {before, [last]} = Enum.split(steps, -1)
    last(last, Enum.reduce(before, scope, &after_step/2))
  end

  defp last(expression, scope), do: of(expression, scope)

  # What is known after an expression: the variables that it binds, names that it shortens, attributes.
  def after_step({:=, _, [pattern, value]}, context), do: bind(context, pattern, of(value, context))
  def after_step({:alias, _, arguments}, context), do: :mixpack_code.with_alias(arguments, context)
  def after_step({:import, _, [name | _]}, context), do: :mixpack_code.with_import(name, context)

  def after_step({:@, _, [{name, _, [value]}]}, context),
    do: %{context | attributes: Map.put(context.attributes, name, of(value, context))}

  def after_step(_, context), do: context

  # A name that is written out where it is read has its place there, another one where the call comes from.
  def place(name, meta, context) do
    here = {context.file, meta[:line] || Map.get(context, :line, 1)}

    case Map.get(context, :site) do
      {file, line, _} when not is_binary(name) -> {file, line}
      _ -> here
    end
  end

  # Where the call comes from that is being followed.
  defp with_site(context, meta),
    do: Map.put(context, :site, context[:site] || {context.file, meta[:line] || Map.get(context, :line, 1), ""})

  # Whether a condition holds in production: true, false or :unknown.
  def truth(condition, context) do
    values = of(condition, context)

    cond do
      values == [:"$set"] -> true
      Enum.any?(values, &hole?/1) -> :unknown
      Enum.all?(values, &truthy?/1) -> true
      Enum.any?(values, &truthy?/1) -> :unknown
      true -> false
    end
  end

  defp truthy?(value), do: value not in [nil, false]

  # Variables of a pattern bound to parts of values.
  def bind(context, pattern, values), do: %{context | bindings: Map.merge(context.bindings, pattern(pattern, values))}

  defp bound(parameters, arguments, context) do
    parameters
    |> Enum.zip(arguments)
    |> Enum.reduce(%{}, fn {pattern, argument}, known -> Map.merge(known, pattern(pattern, of(argument, context))) end)
  end

  def pattern({:when, _, parts}, values), do: pattern(hd(parts), values)
  def pattern({:\\, _, [pattern, _]}, values), do: pattern(pattern, values)
  def pattern({:=, _, [left, right]}, values), do: Map.merge(pattern(left, values), pattern(right, values))

  def pattern({name, _, nothing}, values) when is_atom(name) and is_atom(nothing),
    do: if(name == :_, do: %{}, else: %{name => values})

  # What `{:system, name}` names is listed where the tuple is written.
  def pattern({:system, name}, _), do: pattern(name, [:"$system"])

  def pattern({:{}, _, [:system | rest]}, _),
    do: rest |> Enum.map(&pattern(&1, [:"$system"])) |> Enum.reduce(&Map.merge/2)

  def pattern({left, right}, values), do: parts([left, right], values, 2)
  def pattern({:{}, _, parts}, values), do: parts(parts, values, length(parts))

  # Of other patterns the variables are known, not what they are.
  def pattern(other, values) do
    hole = if Enum.any?(values, &(&1 == :"$param")), do: :"$param", else: @unknown

    {_, names} =
      Macro.prewalk(other, %{}, fn
        {:^, _, _}, names -> {nil, names}
        {name, _, nothing} = node, names when is_atom(name) and is_atom(nothing) -> {node, Map.put(names, name, [hole])}
        node, names -> {node, names}
      end)

    names
  end

  defp parts(patterns, values, size) do
    patterns
    |> Enum.with_index()
    |> Enum.reduce(%{}, fn {pattern, index}, known ->
      inner =
        Enum.map(values, fn
          value when is_tuple(value) and tuple_size(value) == size -> elem(value, index)
          :"$param" -> :"$param"
          _ -> @unknown
        end)

      Map.merge(known, pattern(pattern, Enum.uniq(inner)))
    end)
  end

  # The elements of lists, each a value that a variable over them may have.
  def elements(values) do
    values
    |> Enum.flat_map(fn
      list when is_list(list) -> proper(list)
      :"$param" -> [:"$param"]
      _ -> [@unknown]
    end)
    |> Enum.uniq()
    |> Enum.take(@most)
  end

  defp proper([head | tail]) when is_list(tail), do: [head | proper(tail)]
  defp proper([head | tail]), do: [head, tail]
  defp proper([]), do: []

  def hole?(value) when value in [:"$unknown", :"$param", :"$environment", :"$set", :"$system"], do: true
  def hole?({:"$read", _, _}), do: true
  def hole?({:"$fn", _, _}), do: true
  def hole?(value) when is_tuple(value), do: value |> Tuple.to_list() |> hole?()
  def hole?([head | tail]), do: hole?(head) or hole?(tail)
  def hole?(_), do: false

  defp join(values), do: combine([values], &strict(&1, fn [parts] -> Enum.join(parts, "/") end))

  # Every combination of what the parts may be.
  defp combine(parts, fun) do
    parts
    |> Enum.reduce([[]], fn values, rows -> Enum.take(for(row <- rows, value <- values, do: [value | row]), @most) end)
    |> Enum.map(&fun.(Enum.reverse(&1)))
    |> Enum.uniq()
  end

  # A value that needs all of its parts: a hole makes it one.
  defp strict(parts, fun) do
    cond do
      not hole?(parts) -> attempt(fun, parts)
      Enum.any?(parts, &(&1 == :"$system")) -> :"$system"
      Enum.any?(parts, &(&1 == :"$param")) and not Enum.any?(parts, &(&1 == @unknown)) -> :"$param"
      true -> @unknown
    end
  end

  defp attempt(fun, parts) do
    fun.(parts)
  rescue
    _ -> @unknown
  end
end
