defmodule :mixpack_scan do
  @moduledoc false

  # Finds in a source file which variables it reads, where it listens, what it imports, and what it uses that a release may
  # not have.

  # Modules of OTP that are in a release only if an application lists theirs.
  @applications %{
    httpc: :inets,
    httpd: :inets,
    ssl: :ssl,
    public_key: :public_key,
    crypto: :crypto,
    xmerl: :xmerl,
    xmerl_scan: :xmerl,
    xmerl_xpath: :xmerl,
    mnesia: :mnesia,
    disksup: :os_mon,
    memsup: :os_mon,
    cpu_sup: :os_mon,
    wx: :wx,
    snmpa: :snmp,
    eldap: :eldap,
    ftp: :ftp,
    tftp: :tftp,
    ssh: :ssh,
    ssh_sftp: :ssh
  }

  # How many calls deep a name is followed.
  @hops 8

  # What the files read; names that the project's own functions get are followed into these, of the candidates too.
  def files(files, candidates) do
    {sources, index, readers, words} = files |> :mixpack_code.parse() |> :mixpack_code.index(candidates)
    # A term that every process sees without a copy of its own.
    :persistent_term.put(__MODULE__, {index, readers})

    hits =
      sources
      |> Task.async_stream(&source/1, timeout: :infinity, ordered: true)
      |> Enum.flat_map(fn {:ok, hits} -> hits end)

    {told(hits, MapSet.new(files)), words}
  end

  # A name that only the callers of a function know is not lost where they are seen.
  defp told(hits, files) do
    called = for %{kind: "called", owner: owner} <- hits, into: MapSet.new(), do: owner

    hits
    |> Enum.reject(fn hit -> hit.kind == "called" or (hit.kind == "dynamic" and MapSet.member?(called, hit[:owner])) end)
    |> Enum.filter(&(&1.kind in ["read", "dynamic"] or MapSet.member?(files, &1.file)))
    |> Enum.map(&Map.delete(&1, :owner))
    |> Enum.uniq()
  end

  defp source(%{file: file, ast: ast, lines: lines}) do
    {index, readers} = :persistent_term.get(__MODULE__)
    ast |> walk(context(file, index, readers)) |> Enum.map(&placed(&1, file, lines))
  end

  # Tuples of two and atoms carry no line: what they look like is sought from the last known line on.
  defp placed(hit, file, lines) do
    {seek, hit} = Map.pop(hit, :seek)
    offset = if seek, do: lines |> Enum.drop(hit.line - 1) |> Enum.find_index(&String.contains?(&1, seek))
    hit |> Map.put_new(:file, file) |> Map.update!(:line, &(&1 + (offset || 0)))
  end

  # What is known on the way down a file: whether it is read at build or at run time (phase), what is made of a value
  # (use), the conditions around it, the variables that these test already (guards), and the last line seen; of names,
  # what they are bound to, and where a call comes from that is being followed (site).
  defp context(file, index, readers) do
    kind = if Path.extname(file) == ".exs", do: :script, else: :module
    phase = if kind == :script and file =~ ~r{(^|/)config/(runtime|releases)(\.exs|/)}, do: :run, else: :build

    %{
      file: file,
      kind: kind,
      phase: phase,
      use: :value,
      conditions: [],
      guards: MapSet.new(),
      line: 1,
      module: nil,
      aliases: %{},
      imports: [],
      attributes: %{},
      bindings: %{},
      index: index,
      readers: readers,
      depth: 0,
      path: [],
      site: nil,
      owner: nil,
      elements: nil
    }
  end

  defp walk({:|>, meta, [left, {_, _, arguments} = right]}, context) when is_list(arguments),
    do: walk(pipe(left, right), at(context, meta))

  defp walk({:__block__, _, []}, _), do: []

  # What one step binds, the next ones know; the last one is the value.
  defp walk({:__block__, meta, steps}, context) do
    {before, [last]} = Enum.split(steps, -1)

    {hits, context} =
      Enum.flat_map_reduce(before, at(context, meta), fn step, context ->
        {walk(step, value(context)), %{:mixpack_values.after_step(step, context) | use: context.use}}
      end)

    hits ++ walk(last, context)
  end

  defp walk({:defmodule, meta, [name, [{:do, body} | _]]}, context) do
    scope = :mixpack_code.in_module(name, context)
    walk(body, value(%{at(scope, meta) | kind: :module}))
  end

  # Definitions: in a module, bodies are read at run time, everything else when it is compiled.
  defp walk({definition, meta, [head, body]}, %{kind: :module} = context)
       when definition in [:def, :defp] and is_list(body) do
    {name, parameters} = head(head)
    bindings = Enum.reduce(parameters, %{}, &Map.merge(&2, :mixpack_values.pattern(&1, [:"$param"])))
    phase = if Path.basename(context.file) == "mix.exs", do: :build, else: :run

    context =
      value(%{
        at(context, meta)
        | phase: phase,
          conditions: [],
          guards: MapSet.new(),
          bindings: bindings,
          owner: {context.module, name, length(parameters)}
      })

    defaults = for {:\\, _, [_, default]} <- parameters, do: default
    walk(defaults, context) ++ walk(body[:do], context) ++ walk(Keyword.delete(body, :do), context)
  end

  defp walk({definition, _, [_]}, %{kind: :module}) when definition in [:def, :defp], do: []

  defp walk({:@, meta, [{name, _, [_]}]}, context)
       when name in [:spec, :type, :typep, :callback, :doc, :moduledoc] and meta != nil and context != nil,
       do: []

  # Conditions
  defp walk({test, meta, [condition, branches]}, context) when test in [:if, :unless] and is_list(branches) do
    context = at(context, meta)
    {when_true, when_false} = {branches[:do], branches[:else]}
    {when_true, when_false} = if test == :if, do: {when_true, when_false}, else: {when_false, when_true}
    after_test = :mixpack_values.after_step(condition, context)

    case :mixpack_values.truth(condition, context) do
      true ->
        walk(condition, value(context)) ++ walk(when_true, after_test)

      false ->
        walk(condition, value(context)) ++ walk(when_false, context)

      :unknown ->
        {when_missing, when_there} =
          if :mixpack_needs.tests_nil?(condition), do: {when_true, when_false}, else: {when_false, when_true}

        use = :mixpack_needs.use_of_test(condition, when_missing, when_there, context)
        tested = walk(condition, %{context | use: use})

        tested ++
          walk(when_true, conditional(after_test, "if", condition)) ++
          walk(when_false, conditional(context, "unless", condition))
    end
  end

  defp walk({:case, meta, [subject, [{:do, clauses} | _]]}, context) when is_list(clauses) do
    context = at(context, meta)
    values = :mixpack_values.of(subject, context)

    if Enum.any?(values, &:mixpack_values.hole?/1) do
      use = :mixpack_needs.use_of_case(clauses, context)
      tested = walk(subject, %{context | use: use})
      tested ++ walk_clauses(clauses, [], subject, context)
    else
      clauses = Enum.filter(clauses, &may_match?(&1, values))

      walk(subject, value(context)) ++
        Enum.flat_map(clauses, &walk(:mixpack_needs.clause_body(&1), bound_clause(&1, values, context)))
    end
  end

  defp walk({:cond, meta, [[{:do, clauses} | _]]}, context) when is_list(clauses) do
    context = at(context, meta)

    {hits, _} =
      Enum.flat_map_reduce(clauses, [], fn
        _, :done ->
          {[], :done}

        {:->, _, [[condition], body]}, before ->
          case :mixpack_values.truth(condition, context) do
            true ->
              # What comes last without a condition of its own comes only where the others did not hold.
              {walk(body, Enum.reduce(before, context, &conditional(&2, "unless", &1))), :done}

            false ->
              {[], before}

            :unknown ->
              tested = walk(condition, %{context | use: :mixpack_needs.use_of_test(condition, nil, body, context)})
              inner = conditional(:mixpack_values.after_step(condition, context), "if", condition)
              {tested ++ walk(body, inner), [condition | before]}
          end

        _, before ->
          {[], before}
      end)

    hits
  end

  defp walk({operator, meta, [left, right]}, context) when operator in [:&&, :and] do
    context = at(context, meta)

    case :mixpack_values.truth(left, context) do
      true ->
        walk(right, context)

      false ->
        []

      :unknown ->
        use = if :mixpack_needs.mentions?(right, left, context), do: :value, else: :flag
        tested = walk(left, %{context | use: use})
        tested ++ walk(right, conditional(:mixpack_values.after_step(left, context), "if", left))
    end
  end

  defp walk({:||, meta, [left, right]}, context) do
    context = at(context, meta)
    fallback = if :mixpack_values.of(right, context) == [nil], do: nil, else: right

    use =
      cond do
        :mixpack_needs.raises?(right, context) -> :required
        fallback == nil or fallback == false -> context.use
        :mixpack_needs.known?(right, context) -> {:default, :mixpack_needs.known(right, context)}
        context.use == :required -> :value
        match?({:default, _}, context.use) -> context.use
        true -> {:default, nil}
      end

    walk(left, %{context | use: use}) ++ walk(right, context)
  end

  defp walk({operator, meta, arguments}, context)
       when operator in [:==, :!=, :===, :!==, :=~, :<, :>, :<=, :>=, :in, :not, :!, :or, :is_nil, :is_binary] and
              is_list(arguments) do
    # Only whether it is there is no use of its own: what the branches do with it counts.
    is_presence = operator in [:not, :!, :or] or :mixpack_needs.tests_presence?({operator, meta, arguments})
    keeps = context.use == :required or (context.use == :value and is_presence)
    walk_each(arguments, %{at(context, meta) | use: if(keeps, do: context.use, else: :flag)})
  end

  # A function with a name: its callers know what its parameters are.
  defp walk({:=, meta, [{name, _, nothing}, {form, _, _} = function]}, context)
       when form in [:fn, :&] and is_atom(name) and is_atom(nothing) do
    walk(function, %{value(at(context, meta)) | elements: [:"$param"], owner: {context.file, name}})
  end

  defp walk({:=, meta, [pattern, expression]}, context) do
    context = at(context, meta)
    used = if match?({name, _, nothing} when is_atom(name) and is_atom(nothing), pattern), do: context.use, else: :value
    walk(expression, %{context | use: used})
  end

  # Reads
  defp walk({{:., _, [{:__aliases__, _, [:System]}, function]}, meta, [name | rest]}, context)
       when function in [:get_env, :fetch_env, :fetch_env!] do
    context = at(context, meta)

    use =
      case {function, rest} do
        {:fetch_env!, _} -> :required
        {:get_env, [default]} -> :mixpack_needs.use_of_default(default, context)
        _ -> context.use
      end

    :mixpack_reads.reads(name, use, context) ++ walk(rest, value(context))
  end

  defp walk({{:., _, [:os, :getenv]}, meta, [name | rest]}, context) do
    context = at(context, meta)
    use = if rest == [], do: context.use, else: :mixpack_needs.use_of_default(hd(rest), context)
    :mixpack_reads.reads(name, use, context) ++ walk(rest, value(context))
  end

  # The whole environment as a map, which the project's functions may pass on.
  defp walk({{:., _, [{:__aliases__, _, [:Map]}, function]}, meta, [subject, name | rest]} = call, context)
       when function in [:get, :fetch, :fetch!, :has_key?, :get_lazy, :pop] do
    context = at(context, meta)

    if :mixpack_values.of(subject, context) == [:"$environment"] do
      use =
        case {function, rest} do
          {:fetch!, _} -> :required
          {:get, [default]} -> :mixpack_needs.use_of_default(default, context)
          {:get_lazy, _} -> {:default, nil}
          {:has_key?, _} -> :flag
          _ -> context.use
        end

      :mixpack_reads.reads(name, use, context) ++ walk(rest, value(context))
    else
      walk_call(call, context)
    end
  end

  defp walk({{:., _, [Access, :get]}, meta, [subject, name]} = call, context) do
    context = at(context, meta)

    if :mixpack_values.of(subject, context) == [:"$environment"],
      do: :mixpack_reads.reads(name, context.use, context),
      else: walk_call(call, context)
  end

  # Dotenvy
  defp walk({{:., _, [{:__aliases__, _, [:Dotenvy]}, :env!]}, meta, arguments}, context),
    do: walk({:env!, meta, arguments}, context)

  defp walk({:env!, meta, [name | rest]} = call, context) when is_list(rest) do
    context = at(context, meta)

    if :mixpack_code.called(call, context) do
      walk_call(call, context)
    else
      use = if length(rest) == 2, do: :mixpack_needs.use_of_default(List.last(rest), context), else: :required
      :mixpack_reads.reads(name, use, context)
    end
  end

  # Vapor: %Env{bindings: [port: "PORT"]}, %Env{bindings: [{:port, "PORT", default: 4000}]}
  defp walk({:%, meta, [{:__aliases__, _, names}, {:%{}, _, fields} = map]}, context) when is_list(fields) do
    context = at(context, meta)
    bindings = List.last(names) == :Env and Keyword.keyword?(fields) and fields[:bindings]

    if is_list(bindings),
      do: Enum.flat_map(bindings, &:mixpack_reads.binding(&1, fields, context)),
      else: walk(map, value(context))
  end

  # {:system, "NAME"} is read by whoever gets it, at run time.
  defp walk({:system, name}, context) when is_binary(name), do: :mixpack_reads.system_tuple([name], context)
  defp walk({:{}, meta, [:system | rest]}, context), do: :mixpack_reads.system_tuple(rest, at(context, meta))

  # Functions that take no nil: what is read for them must be there.
  defp walk({{:., _, [{:__aliases__, _, [module]}, function]}, meta, [first | rest]}, context)
       when module in [:String, :Integer, :Base] and function not in [:to_string] do
    context = at(context, meta)

    walk(first, %{
      context
      | use:
          if(function in [:downcase, :upcase, :trim] and match?({:default, _}, context.use),
            do: context.use,
            else: :required
          )
    }) ++ walk(rest, value(context))
  end

  # Other scripts that this one runs
  defp walk({{:., _, [{:__aliases__, _, names}, function]}, meta, [file | _] = arguments}, %{kind: :script} = context)
       when {names, function} in [
              {[:Code], :require_file},
              {[:Code], :eval_file},
              {[:Code], :compile_file},
              {[:Config, :Reader], :read!}
            ] do
    context = at(context, meta)
    # Without a folder, the name is relative to the project's.
    place = if names == [:Code] and length(arguments) == 1, do: "/", else: ""
    loaded = imports(file, context, place)
    loaded ++ walk(arguments, value(context))
  end

  # Where a server listens
  defp walk({key, address}, context) when key in [:ip, :ifaddr] do
    kind = if loopback?(address), do: "loopback", else: "listens"
    hit = %{kind: kind, line: context.line, name: Macro.to_string(address), seek: "#{key}:"}
    [hit | walk(address, value(context))]
  end

  defp walk({key, true}, %{kind: :script} = context) when key in [:server, :serve_endpoints],
    do: [%{kind: "server", line: context.line, name: "server"}]

  defp walk({:config, meta, [:phoenix, :serve_endpoints, true]}, %{kind: :script} = context),
    do: walk({:serve_endpoints, true}, at(context, meta))

  defp walk({:import_config, meta, [file]}, context),
    do: imports(file, at(context, meta)) ++ walk(file, value(at(context, meta)))

  # What a release may not have: Mix, and applications of OTP that nothing lists
  defp walk({{:., _, [{:__aliases__, _, [:Mix | rest]}, function]}, meta, arguments}, context)
       when is_atom(function) and is_list(arguments) do
    context = at(context, meta)
    name = Enum.join([:Mix | rest], ".") <> ".#{function}"
    hit = %{kind: "mix", line: context.line, name: name}
    runs_without_mix = context.phase == :run and context.conditions == []
    if(runs_without_mix, do: [hit], else: []) ++ walk(arguments, value(context))
  end

  defp walk({{:., _, [module, function]}, meta, arguments}, context)
       when is_map_key(@applications, module) and is_atom(function) and is_list(arguments) do
    context = at(context, meta)
    call = "#{inspect(module)}.#{function}"
    hit = %{kind: "application", line: context.line, name: Atom.to_string(@applications[module]), default: call}
    if(context.conditions != [], do: [], else: [hit]) ++ walk(arguments, value(context))
  end

  defp walk({:config, meta, arguments}, %{kind: :script, phase: :build} = context) when is_list(arguments) do
    context = at(context, meta)
    hits = if context.conditions != [], do: [], else: Enum.flat_map(arguments, &functions(&1, context))
    hits ++ walk(arguments, value(context))
  end

  # Variables over the elements of a list
  defp walk({:for, meta, arguments}, context) when is_list(arguments) do
    context = at(context, meta)

    {hits, context} =
      Enum.flat_map_reduce(arguments, context, fn
        {:<-, _, [pattern, list]}, context ->
          elements = list |> :mixpack_values.of(context) |> :mixpack_values.elements()
          {walk(list, value(context)), :mixpack_values.bind(context, pattern, elements)}

        options, context when is_list(options) ->
          {walk(Keyword.values(options), context), context}

        step, context ->
          {walk(step, value(context)), :mixpack_values.after_step(step, context)}
      end)

    _ = context
    hits
  end

  defp walk({:with, meta, arguments}, context) when is_list(arguments) do
    context = at(context, meta)

    {hits, _} =
      Enum.flat_map_reduce(arguments, context, fn
        {:<-, _, [pattern, expression]}, context ->
          {walk(expression, value(context)),
           :mixpack_values.bind(context, pattern, :mixpack_values.of(expression, context))}

        [{:do, body} | rest], context ->
          {walk(body, context) ++ walk(rest, value(context)), context}

        step, context ->
          {walk(step, value(context)), :mixpack_values.after_step(step, context)}
      end)

    hits
  end

  defp walk({:fn, meta, clauses}, context) do
    elements = context.elements || [:mixpack_values.unknown()]
    context = %{at(context, meta) | elements: nil}

    Enum.flat_map(clauses, fn {:->, _, [parameters, body]} ->
      {first, rest} = Enum.split(:mixpack_calls.parameters(parameters), 1)
      inner = Enum.reduce(first, context, &:mixpack_values.bind(&2, &1, elements))
      others = if elements == [:"$param"], do: elements, else: [:mixpack_values.unknown()]
      inner = Enum.reduce(rest, inner, &:mixpack_values.bind(&2, &1, others))
      walk(body, value(inner))
    end)
  end

  defp walk({:&, _, [body]} = capture, context) when not is_integer(body),
    do: capture |> :mixpack_code.function_of_capture() |> walk(context)

  # A function that is called by name or through a variable
  defp walk({{:., _, [function]}, meta, arguments} = call, context) when is_list(arguments) do
    context = at(context, meta)

    case :mixpack_values.of(function, context) do
      [{:"$fn", clauses, scope}] ->
        clauses =
          for {:->, _, [parameters, body]} <- clauses,
              do: {:mixpack_calls.parameters(parameters), :mixpack_calls.guard(parameters), body}

        scope = Map.drop(scope, [:line, :phase, :use, :conditions, :guards, :owner, :path, :depth, :site])
        owner = with {name, _, _} <- function, do: {context.file, name}
        [%{kind: "called", owner: owner, line: 1} | follow({:fn, call}, clauses, arguments, scope, call, context)]

      _ ->
        []
    end ++ walk(arguments, value(context))
  end

  # Everything else
  defp walk({name, meta, nothing} = variable, context) when is_atom(name) and is_atom(nothing) and is_list(meta) do
    if context.use == :value do
      []
    else
      for {:"$read", names, {file, line}} <- :mixpack_values.of(variable, context),
          name <- names,
          do: :mixpack_reads.read(name, context.use, %{context | file: file, line: line})
    end
  end

  defp walk({form, meta, _} = call, context) when is_list(meta) and (is_atom(form) or is_tuple(form)),
    do: walk_call(call, context)

  defp walk({left, right}, context), do: walk(left, value(context)) ++ walk(right, value(context))
  defp walk(list, context) when is_list(list), do: walk_each(list, value(context))
  defp walk(_, _), do: []

  defp walk_call({form, meta, arguments} = call, context) do
    outer = at(context, meta)
    context = value(outer)
    form = if is_tuple(form), do: walk(form, context), else: []
    form ++ if(is_list(arguments), do: walk_arguments(arguments, context) ++ followed(call, outer), else: [])
  end

  # A function among the arguments gets the elements of the first one, as with Enum.
  defp walk_arguments([first | rest], context) do
    if Enum.any?(rest, &match?({form, _, _} when form in [:fn, :&], &1)) do
      elements = first |> :mixpack_values.of(context) |> :mixpack_values.elements()
      walk(first, context) ++ Enum.flat_map(rest, &walk(&1, %{context | elements: elements}))
    else
      walk([first | rest], context)
    end
  end

  defp walk_arguments([], _), do: []

  # Calls of the project's own functions that read a variable by a parameter, or get the whole environment
  defp followed(call, context) do
    with {function, arguments} <- :mixpack_code.called(call, context),
         true <- MapSet.member?(context.readers, function.key) or gets_environment?(arguments, context) do
      scope = Map.merge(function.scope, %{bindings: %{}})

      [
        %{kind: "called", owner: function.key, line: 1}
        | follow(function.key, function.clauses, arguments, scope, call, context)
      ]
    else
      _ -> []
    end
  end

  defp gets_environment?(arguments, context),
    do: Enum.any?(arguments, &(:mixpack_values.of(&1, context) == [:"$environment"]))

  defp follow(key, clauses, arguments, scope, call, context) do
    if key in context.path or context.depth >= @hops do
      []
    else
      values = Enum.map(arguments, &:mixpack_values.of(&1, context))

      site =
        if context.site && :mixpack_calls.passed_on?(arguments, values),
          do: context.site,
          else: {context.file, context.line, :mixpack_code.text(call)}

      inner =
        context
        |> Map.merge(scope)
        |> Map.merge(%{path: [key | context.path], depth: context.depth + 1, site: site, elements: nil})

      taken = :mixpack_calls.matching(clauses, values, inner)
      # Which clause it is may depend on whether the value is there.
      tested = if length(taken) > 1, do: names_in(arguments, context), else: MapSet.new()
      inner = %{inner | guards: MapSet.union(inner.guards, tested)}

      taken
      |> Enum.flat_map(fn {parameters, body} ->
        inner =
          parameters
          |> Enum.zip(values)
          |> Enum.reduce(inner, fn {pattern, values}, inner -> :mixpack_values.bind(inner, pattern, values) end)

        walk(body, inner)
      end)
      |> Enum.filter(&(&1.kind in ["read", "dynamic", "called"]))
      |> Enum.map(&Map.put_new(&1, :file, scope[:file] || context.file))
    end
  end

  defp head({:when, _, [head | _]}), do: head(head)
  defp head({name, _, parameters}) when is_atom(name) and is_list(parameters), do: {name, parameters}
  defp head({name, _, _}) when is_atom(name), do: {name, []}
  defp head(_), do: {nil, []}

  defp walk_each(list, context), do: list |> proper() |> Enum.flat_map(&walk(&1, context))

  defp proper([head | tail]) when is_list(tail), do: [head | proper(tail)]
  defp proper([head | tail]), do: [head, tail]
  defp proper([]), do: []

  defp at(context, meta), do: %{context | line: meta[:line] || context.line}
  defp value(context), do: %{context | use: :value}

  defp conditional(context, word, condition),
    do: branch(context, "#{word} #{:mixpack_code.text(unsettled(condition, context))}", condition)

  # Inside of a branch. What a condition tests itself needs no more there than in the condition.
  defp branch(context, words, tested) do
    test = %{words: words, line: context.line, file: context.file}

    %{
      context
      | conditions: [test | context.conditions],
        guards: MapSet.union(context.guards, names_in(tested, context))
    }
  end

  # The variables that code reads, by name or through a variable of Elixir's.
  defp names_in(code, context) do
    {_, names} =
      Macro.prewalk(code, [], fn
        {name, _, nothing} = node, names when is_atom(name) and is_atom(nothing) ->
          {node, for({:"$read", read, _} <- Map.get(context.bindings, name, []), do: read) ++ names}

        {{:., _, [_, function]}, _, [name | _]} = node, names when function in [:get_env, :getenv, :fetch_env] ->
          {node, [:mixpack_values.of(name, context) | names]}

        node, names ->
          {node, names}
      end)

    names |> List.flatten() |> Enum.filter(&is_binary/1) |> MapSet.new()
  end

  # What is left to ask of a condition in production.
  defp unsettled({operator, meta, [left, right]}, context) when operator in [:and, :&&, :or, :||] do
    settled = operator in [:and, :&&]

    cond do
      :mixpack_values.truth(left, context) == settled -> unsettled(right, context)
      :mixpack_values.truth(right, context) == settled -> unsettled(left, context)
      true -> {operator, meta, [unsettled(left, context), unsettled(right, context)]}
    end
  end

  defp unsettled(condition, _), do: condition

  # Functions that are values of the configuration, which a release cannot write down; those by name it can.
  defp functions({:&, _, [{:/, _, [{{:., _, _}, _, _}, _]}]}, _), do: []

  defp functions({form, meta, _}, context) when form in [:fn, :&],
    do: [%{kind: "function", line: at(context, meta).line, name: Atom.to_string(form)}]

  defp functions({left, right}, context), do: functions(left, context) ++ functions(right, context)
  defp functions({:{}, _, values}, context), do: functions(values, context)
  defp functions({:%{}, _, pairs}, context), do: functions(pairs, context)

  defp functions(list, context) when is_list(list),
    do: list |> proper() |> Enum.flat_map(&functions(&1, context))

  defp functions(_, _), do: []

  defp pipe(left, right) do
    Macro.pipe(left, right, 0)
  rescue
    _ -> [left, right]
  end

  defp walk_clauses([{:->, _, [[pattern], body]} = clause | clauses], before, subject, context) do
    inner = bound_clause(clause, :mixpack_values.of(subject, context), context)

    words =
      if takes_all?(pattern),
        do: "unless #{subject(subject)} is #{Enum.join(Enum.reverse(before), " or ")}",
        else: "if #{subject(subject)} is #{:mixpack_code.text(pattern)}"

    inner = if takes_all?(pattern) and before == [], do: inner, else: branch(inner, words, subject)
    walk(body, inner) ++ walk_clauses(clauses, [:mixpack_code.text(pattern) | before], subject, context)
  end

  defp walk_clauses(_, _, _, _), do: []

  defp subject({operator, _, [_, _]} = subject) when operator in [:||, :or, :&&, :and, :|>, :<>],
    do: "(#{:mixpack_code.text(subject)})"

  defp subject(subject), do: :mixpack_code.text(subject)

  defp takes_all?({name, _, nothing}), do: is_atom(name) and is_atom(nothing)
  defp takes_all?(_), do: false

  defp bound_clause({:->, _, [[pattern], _]}, values, context), do: :mixpack_values.bind(context, pattern, values)
  defp bound_clause(_, _, context), do: context

  defp may_match?({:->, _, [[{:when, _, _}], _]}, _), do: true
  defp may_match?({:->, _, [[pattern], _]}, values), do: :mixpack_calls.fits(pattern, values) != false
  defp may_match?(_, _), do: false

  defp loopback?(:loopback), do: true
  defp loopback?({:{}, _, [127 | rest]}), do: length(rest) == 3
  defp loopback?({:{}, _, [0, 0, 0, 0, 0, 0, 0, 1]}), do: true
  defp loopback?(address) when is_binary(address), do: address =~ ~r/^(127\.|::1$|localhost$)/
  defp loopback?(_), do: false

  # The files that an expression names, with the environment put in; "*" where a part is computed. Names are relative to
  # the file's folder, those that begin with "/" to the project's.
  defp imports(file, context, place \\ "") do
    names =
      case file |> :mixpack_values.of(context) |> List.flatten() |> Enum.filter(&is_binary/1) do
        [] -> [pattern(file)]
        names -> names
      end

    words = context.conditions |> Enum.map(& &1.words) |> List.first()

    for name <- names do
      name =
        if String.starts_with?(name, "__DIR__/"), do: String.replace_prefix(name, "__DIR__/", ""), else: place <> name

      %{kind: "import", line: context.line, name: name, condition: words}
    end
  end

  defp pattern({:<<>>, _, parts}) do
    Enum.map_join(parts, fn
      text when is_binary(text) ->
        text

      {:"::", _, [{_, _, [{:__DIR__, _, _}]}, _]} ->
        ""

      {:"::", _, [{_, _, [value]}, _]} ->
        environment = :mixpack_values.environment()
        values = :mixpack_values.of(value, %{bindings: %{}, attributes: %{}, depth: 9})
        if values == [environment], do: Atom.to_string(environment), else: "*"

      _ ->
        "*"
    end)
  end

  defp pattern(_), do: "*"
end
