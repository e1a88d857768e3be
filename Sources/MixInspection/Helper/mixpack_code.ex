defmodule :mixpack_code do
  @moduledoc false

  # The source of a project: its files parsed, its functions by name, and which of these read a variable that a parameter
  # names.

  @rounds 3

  # Parses files; those that cannot be parsed are left out.
  def parse(files) do
    files
    |> Task.async_stream(&source/1, timeout: :infinity, ordered: true)
    |> Enum.flat_map(fn {:ok, source} -> List.wrap(source) end)
  end

  defp source(file) do
    with {:ok, text} <- File.read(file),
         {:ok, ast} <- Code.string_to_quoted(text, file: file, emit_warnings: false) do
      %{file: file, ast: ast, lines: String.split(text, "\n")}
    else
      _ -> nil
    end
  end

  # The functions of the sources, and of those candidates that a search for readers leads to; and the words by which
  # such a candidate is known.
  def index(sources, candidates) do
    texts = for file <- candidates, {:ok, text} <- [File.read(file)], do: {file, text}

    grow(sources, %{}, texts, @rounds)
  end

  # More files are parsed as long as they matter: those whose functions get the whole environment, and those that call
  # a reader.
  defp grow(sources, index, texts, rounds) do
    index = Enum.reduce(sources, index, fn source, index -> Enum.reduce(functions(source), index, &add/2) end)
    functions = index |> Map.values() |> Enum.concat()
    readers = readers(functions, index)
    parsed = Process.get(:parsed, MapSet.new()) |> MapSet.union(MapSet.new(sources, & &1.file))
    Process.put(:parsed, parsed)
    words = words(functions, index, sources, readers)
    wanted = if rounds == 0, do: [], else: for({file, text} <- texts, contains_any?(text, words), do: file)
    new = wanted |> Enum.reject(&MapSet.member?(parsed, &1)) |> parse()

    if new == [] do
      {sources, index, readers, words}
    else
      {more, index, readers, words} = grow(new, index, texts, rounds - 1)
      {sources ++ more, index, readers, words}
    end
  end

  # What a file has in it that matters: the definition of a module that gets the environment or that scripts call, or a
  # call of a reader.
  defp words(functions, index, sources, readers) do
    below = functions |> Enum.filter(& &1.takes_environment) |> below(index, @rounds)

    scripts =
      for %{file: file, ast: ast} <- sources, Path.extname(file) == ".exs", module <- modules_called(ast), do: module

    definitions = for module <- below ++ scripts, module != nil, do: "defmodule #{module} do"

    calls =
      for {module, name, _} <- readers,
          module != nil,
          word <- [(module |> String.split(".") |> List.last()) <> ".#{name}", "import #{module}"],
          do: word

    Enum.uniq(definitions ++ calls)
  end

  defp contains_any?(_, []), do: false
  defp contains_any?(text, words), do: :binary.match(text, words) != :nomatch

  # The modules that functions pass something to, and those that it is passed on to.
  defp below([], _, _), do: []
  defp below(_, _, 0), do: []

  defp below(functions, index, depth) do
    calls =
      for function <- functions,
          {module, _, call} <- function.calls,
          do: {module, called(call, Map.put(function.scope, :index, index))}

    next = for {_, {function, _}} <- calls, uniq: true, do: function
    for({module, _} <- calls, do: module) ++ below(next, index, depth - 1)
  end

  defp modules_called(ast) do
    context = scope("")

    {_, {_, modules}} =
      Macro.prewalk(ast, {context, []}, fn
        {:alias, _, arguments} = node, {context, modules} ->
          {node, {with_alias(arguments, context), modules}}

        {:import, _, [name | _]} = node, {context, modules} ->
          {node, {context, [module(name, context) | modules]}}

        {{:., _, [{:__aliases__, _, _} = name, _]}, _, _} = node, {context, modules} ->
          {node, {context, [module(name, context) | modules]}}

        node, known ->
          {node, known}
      end)

    modules
  end

  # Functions

  defp scope(file),
    do: %{
      file: file,
      module: nil,
      aliases: %{},
      imports: [],
      attributes: %{},
      bindings: %{},
      depth: 0,
      index: %{},
      readers: MapSet.new()
    }

  defp functions(%{file: file, ast: ast}) do
    {found, _} = collect(ast, scope(file))

    found
    |> Enum.group_by(&{&1.scope.module, &1.name, length(&1.parameters)})
    |> Enum.map(fn {{module, name, arity}, clauses} -> function(module, name, arity, clauses) end)
  end

  defp function(module, name, arity, clauses) do
    defaults =
      Enum.find_value(clauses, List.duplicate(:none, arity), fn %{parameters: parameters} ->
        values =
          Enum.map(parameters, fn
            {:\\, _, [_, value]} -> {:default, value}
            _ -> :none
          end)

        if Enum.any?(values, &(&1 != :none)), do: values
      end)

    bodies = for clause <- clauses, clause.body != nil, do: {clause.parameters, clause.guard, clause.body}
    scope = Map.take(hd(clauses).scope, [:file, :module, :aliases, :imports, :attributes])

    code =
      for({_, guard, body} <- bodies, part <- [guard, body], do: part) ++ for({:default, value} <- defaults, do: value)

    {calls, by_name, whole} = if arity > 0, do: uses(code, scope), else: {[], false, false}

    %{
      key: {module, name, arity},
      name: name,
      arity: arity,
      defaults: defaults,
      clauses: bodies,
      scope: scope,
      calls: calls,
      reads_by_name: arity > 0 and by_name,
      takes_environment: arity > 0 and whole
    }
  end

  defp collect({:__block__, _, steps}, scope) do
    Enum.reduce(steps, {[], scope}, fn step, {found, scope} ->
      {more, scope} = collect(step, scope)
      {found ++ more, scope}
    end)
  end

  defp collect({:defmodule, _, [name, [{:do, body} | _]]}, scope) do
    {found, _} = collect(body, in_module(name, scope))
    # A module's own name is short inside the module around it.
    {found, with_own_name(name, scope)}
  end

  defp collect({kind, _, [head, body]}, scope) when kind in [:def, :defp] and is_list(body),
    do: {entry(head, body[:do] || body, scope), scope}

  defp collect({kind, _, [head]}, scope) when kind in [:def, :defp], do: {entry(head, nil, scope), scope}

  defp collect({test, _, [condition, branches]}, scope) when test in [:if, :unless] and is_list(branches) do
    holds = :mixpack_values.truth(condition, scope)
    holds = if test == :unless and holds != :unknown, do: not holds, else: holds

    taken =
      case holds do
        true -> [branches[:do]]
        false -> [branches[:else]]
        :unknown -> [branches[:do], branches[:else]]
      end

    {Enum.flat_map(taken, &(&1 |> collect(scope) |> elem(0))), scope}
  end

  defp collect(step, scope), do: {[], :mixpack_values.after_step(step, scope)}

  defp entry({:when, _, [head, guard]}, body, scope), do: head |> entry(body, scope) |> Enum.map(&%{&1 | guard: guard})

  defp entry({name, _, parameters}, body, scope) when is_atom(name),
    do: [
      %{name: name, parameters: if(is_list(parameters), do: parameters, else: []), guard: nil, body: body, scope: scope}
    ]

  defp entry(_, _, _), do: []

  def in_module({:__aliases__, _, _} = name, scope) do
    full = if scope.module, do: scope.module <> "." <> module(name, scope), else: module(name, scope)
    %{with_own_name(name, scope) | module: full, attributes: %{}}
  end

  def in_module(_, scope), do: scope

  defp with_own_name({:__aliases__, _, [first | _]}, %{module: outer} = scope) when is_atom(first) and outer != nil,
    do: %{scope | aliases: Map.put_new(scope.aliases, first, "#{outer}.#{first}")}

  defp with_own_name(_, scope), do: scope

  defp add(function, index) do
    {module, name, _} = function.key
    last = module && {:last, module |> String.split(".") |> List.last(), name}
    index = Map.update(index, {module, name}, [function], &[function | &1])
    if last, do: Map.update(index, last, [function], &[function | &1]), else: index
  end

  # Names of modules

  def with_alias([{:__aliases__, _, _} = name], context), do: short(name, List.last(elem(name, 2)), context)

  def with_alias([{:__aliases__, _, _} = name, options], context) when is_list(options) do
    case options[:as] do
      {:__aliases__, _, [as]} -> short(name, as, context)
      _ -> short(name, List.last(elem(name, 2)), context)
    end
  end

  def with_alias([{{:., _, [outer, :{}]}, _, names} | _], context) do
    Enum.reduce(names, context, fn
      {:__aliases__, _, parts}, context ->
        outer = module(outer, context)
        %{context | aliases: Map.put(context.aliases, List.last(parts), "#{outer}.#{Enum.join(parts, ".")}")}

      _, context ->
        context
    end)
  end

  def with_alias(_, context), do: context

  defp short(name, as, context), do: %{context | aliases: Map.put(context.aliases, as, module(name, context))}

  def with_import(name, context), do: %{context | imports: [module(name, context) | context.imports]}

  def module({:__aliases__, _, [first | rest]}, context) do
    case first do
      {:__MODULE__, _, _} -> Enum.join([context.module | rest], ".")
      first when is_atom(first) -> Enum.join([Map.get(context.aliases, first, first) | rest], ".")
      _ -> nil
    end
  end

  def module({:__MODULE__, _, _}, context), do: context.module
  def module(_, _), do: nil

  # Calls

  # The function of the project that a call means, with all its arguments; `nil` where it is none.
  def called({{:., _, [module, name]}, _, arguments}, context) when is_atom(name) and is_list(arguments) do
    case module(module, context) do
      nil -> nil
      module -> match(found({module, name}, context), arguments) || match(nearest(module, name, context), arguments)
    end
  end

  def called({name, _, arguments}, context) when is_atom(name) and is_list(arguments) do
    Enum.find_value([context.module | context.imports], &match(found({&1, name}, context), arguments))
  end

  def called(_, _), do: nil

  defp found(key, context), do: Map.get(context.index, key, [])

  # A short name that a `use` brings along is that of the only module that ends in it.
  defp nearest(module, name, context) do
    if String.contains?(module, ".") do
      []
    else
      functions = found({:last, module, name}, context)
      if functions |> Enum.uniq_by(&elem(&1.key, 0)) |> length() == 1, do: functions, else: []
    end
  end

  defp match(functions, arguments) do
    given = length(arguments)

    Enum.find_value(functions, fn %{arity: arity, defaults: defaults} = function ->
      missing = arity - given
      optional = Enum.count(defaults, &(&1 != :none))
      if missing >= 0 and missing <= optional, do: {function, filled(defaults, arguments, optional - missing)}
    end)
  end

  # Defaults are taken from the right where arguments are missing.
  defp filled([], _, _), do: []
  defp filled([:none | defaults], [argument | arguments], extra), do: [argument | filled(defaults, arguments, extra)]

  defp filled([{:default, _} | defaults], [argument | arguments], extra) when extra > 0,
    do: [argument | filled(defaults, arguments, extra - 1)]

  defp filled([{:default, value} | defaults], arguments, extra), do: [value | filled(defaults, arguments, extra)]

  # `&f/1` and `&f(&1, 2)` as functions with names for their parameters.
  def function_of_capture({:&, meta, [{:/, _, [{form, call, nothing}, arity]}]})
      when is_integer(arity) and (nothing == [] or is_atom(nothing)) do
    parameters = parameters(arity)
    {:fn, meta, [{:->, meta, [parameters, {form, call, parameters}]}]}
  end

  def function_of_capture({:&, meta, [body]}) do
    {body, most} =
      Macro.prewalk(body, 0, fn
        {:&, _, [index]}, most when is_integer(index) -> {parameter(index), max(most, index)}
        node, most -> {node, most}
      end)

    {:fn, meta, [{:->, meta, [parameters(most), body]}]}
  end

  defp parameters(0), do: []
  defp parameters(count), do: Enum.map(1..count, &parameter/1)
  defp parameter(index), do: {:"&#{index}", [], nil}

  # Readers: functions that read a variable by a parameter, themselves or through others

  defp readers(functions, index) do
    direct =
      for function <- functions,
          function.reads_by_name or function.takes_environment,
          into: MapSet.new(),
          do: function.key

    Enum.reduce(1..@rounds, direct, fn _, readers -> through(functions, readers, index) end)
  end

  defp through(functions, readers, index) do
    names = MapSet.new(readers, &elem(&1, 1))

    for %{calls: calls, scope: scope, key: key} <- functions,
        not MapSet.member?(readers, key),
        Enum.any?(calls, fn {_, name, call} ->
          MapSet.member?(names, name) and reads_through?(call, scope, readers, index)
        end),
        into: readers,
        do: key
  end

  defp reads_through?(call, scope, readers, index) do
    case called(call, Map.put(scope, :index, index)) do
      {%{key: key}, _} -> MapSet.member?(readers, key)
      nil -> false
    end
  end

  # The calls in code that pass a variable on, with the module that they name; whether a variable is read by a name that
  # is not written out, and whether the whole environment is asked for.
  defp uses(code, scope) do
    {_, uses} = Macro.prewalk(code, {[], false, false}, fn node, uses -> use_of(node, uses, scope) end)
    uses
  end

  defp use_of({:|>, _, [left, {_, _, arguments} = right]} = node, uses, scope) when is_list(arguments) do
    case piped(node, left, right) do
      ^node -> {node, uses}
      call -> use_of(call, uses, scope)
    end
  end

  defp use_of({{:., _, [{:__aliases__, _, [:System]}, :get_env]}, _, []} = node, {calls, by_name, _}, _),
    do: {node, {calls, by_name, true}}

  defp use_of({{:., _, [{:__aliases__, _, [:System]}, function]}, _, [name | _]} = node, {calls, by_name, whole}, _)
       when function in [:get_env, :fetch_env, :fetch_env!],
       do: {node, {calls, by_name or mentions_variable?(name), whole}}

  defp use_of({{:., _, [:os, :getenv]}, _, [name | _]} = node, {calls, by_name, whole}, _),
    do: {node, {calls, by_name or mentions_variable?(name), whole}}

  defp use_of(
         {:&, _, [{:/, _, [{{:., _, [{:__aliases__, _, [:System]}, function]}, _, _}, _]}]} = node,
         {calls, _, whole},
         _
       )
       when function in [:get_env, :fetch_env, :fetch_env!],
       do: {node, {calls, true, whole}}

  defp use_of({{:., _, [{kind, _, _} = name, function]}, _, arguments} = node, {calls, by_name, whole}, scope)
       when kind in [:__aliases__, :__MODULE__] and is_atom(function) and is_list(arguments) do
    by_name = by_name or (function == :env! and mentions_variable?(arguments))
    call = {module(name, scope), function, node}
    {node, {if(passes?(arguments), do: [call | calls], else: calls), by_name, whole}}
  end

  defp use_of({name, _, arguments} = node, {calls, by_name, whole}, scope) when is_atom(name) and is_list(arguments) do
    if Macro.operator?(name, length(arguments)) or
         name in [:__block__, :{}, :%{}, :<<>>, :"::", :if, :case, :cond, :with, :fn, :->, :=, :for] do
      {node, {calls, by_name, whole}}
    else
      by_name = by_name or (name == :env! and mentions_variable?(arguments))
      {node, {if(passes?(arguments), do: [{scope.module, name, node} | calls], else: calls), by_name, whole}}
    end
  end

  defp use_of(node, uses, _), do: {node, uses}

  defp piped(node, left, right) do
    Macro.pipe(left, right, 0)
  rescue
    _ -> node
  end

  defp passes?(arguments), do: Enum.any?(arguments, &mentions_variable?/1)

  defp mentions_variable?({name, _, nothing}) when is_atom(name) and is_atom(nothing), do: true
  defp mentions_variable?({form, _, arguments}), do: mentions_variable?(form) or mentions_variable?(arguments)
  defp mentions_variable?({left, right}), do: mentions_variable?(left) or mentions_variable?(right)
  defp mentions_variable?([head | tail]), do: mentions_variable?(head) or mentions_variable?(tail)
  defp mentions_variable?(_), do: false

  def any?(code, fun) do
    {_, found} = Macro.prewalk(code, false, fn node, found -> {node, found or fun.(node)} end)
    found
  end

  # Code as people read it, in short.
  def text(ast), do: ast |> Macro.to_string() |> String.replace(~r/\s*\n\s*/, " ") |> String.slice(0, 80)
end
