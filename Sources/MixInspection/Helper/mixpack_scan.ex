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

  def file(file) do
    with {:ok, text} <- File.read(file),
         {:ok, ast} <- Code.string_to_quoted(text, file: file, emit_warnings: false) do
      lines = String.split(text, "\n")
      ast |> walk(context(file)) |> Enum.map(&placed(&1, file, lines))
    else
      _ -> []
    end
  end

  # Tuples of two and atoms carry no line: what they look like is sought from the last known line on.
  defp placed(hit, file, lines) do
    {seek, hit} = Map.pop(hit, :seek)
    offset = if seek, do: lines |> Enum.drop(hit.line - 1) |> Enum.find_index(&String.contains?(&1, seek))
    hit |> Map.put(:file, file) |> Map.update!(:line, &(&1 + (offset || 0)))
  end

  # What is known on the way down a file: whether it is read at build or at run time (phase), what is made of a value
  # (use), whether it is reached on a condition only, and the last line seen.
  defp context(file) do
    kind = if Path.extname(file) == ".exs", do: :script, else: :module
    phase = if file in ["config/runtime.exs", "config/releases.exs"], do: :run, else: :build
    %{file: file, kind: kind, phase: phase, use: :value, conditional: false, line: 1}
  end

  defp walk({:|>, meta, [left, {_, _, arguments} = right]}, context) when is_list(arguments),
    do: walk(pipe(left, right), at(context, meta))

  # Definitions: in a module, bodies are read at run time, everything else when it is compiled.
  defp walk({definition, meta, [head, body]}, %{kind: :module} = context)
       when definition in [:def, :defp] and is_list(body),
       do: walk([head, body], value(%{at(context, meta) | phase: :run, conditional: false}))

  # Conditions
  defp walk({test, meta, [condition, branches]}, context) when test in [:if, :unless] and is_list(branches) do
    context = at(context, meta)
    {when_true, when_false} = {branches[:do], branches[:else]}
    {when_true, when_false} = if test == :if, do: {when_true, when_false}, else: {when_false, when_true}

    case in_production(condition) do
      true ->
        walk(when_true, value(context))

      false ->
        walk(when_false, value(context))

      :unknown ->
        when_missing = if tests_nil?(condition), do: when_true, else: when_false
        use = if raises?(when_missing), do: :required, else: :flag
        walk(condition, %{context | use: use}) ++ walk([when_true, when_false], conditional(context))
    end
  end

  defp walk({:case, meta, [subject, [{:do, clauses} | _]]}, context) when is_list(clauses) do
    context = at(context, meta)

    if environment?(subject) do
      clauses = Enum.reject(clauses, &other_environment?/1)
      walk(Enum.map(clauses, &clause_body/1), value(context))
    else
      walk(subject, %{context | use: use_of_case(clauses)}) ++
        walk(Enum.map(clauses, &clause_body/1), conditional(context))
    end
  end

  defp walk({:cond, meta, [[{:do, clauses} | _]]}, context) when is_list(clauses) do
    context = at(context, meta)

    Enum.flat_map(clauses, fn
      {:->, _, [[condition], body]} ->
        case in_production(condition) do
          true -> walk(body, value(context))
          false -> []
          :unknown -> walk(condition, %{context | use: :flag}) ++ walk(body, conditional(context))
        end

      _ ->
        []
    end)
  end

  defp walk({operator, meta, [left, right]}, context) when operator in [:&&, :and] do
    context = at(context, meta)

    case in_production(left) do
      true -> walk(right, context)
      false -> []
      :unknown -> walk(left, %{context | use: :flag}) ++ walk(right, %{context | conditional: true})
    end
  end

  defp walk({:||, meta, [left, right]}, context) do
    context = at(context, meta)

    use =
      cond do
        raises?(right) -> :required
        right == nil or right == false -> context.use
        literal?(right) -> {:default, literal(right)}
        context.use == :required -> :value
        match?({:default, _}, context.use) -> context.use
        true -> {:default, nil}
      end

    walk(left, %{context | use: use}) ++ walk(right, context)
  end

  defp walk({operator, meta, arguments}, context)
       when operator in [:==, :!=, :===, :!==, :=~, :<, :>, :<=, :>=, :in, :not, :!, :or, :is_nil] and
              is_list(arguments) do
    use = if context.use == :required, do: :required, else: :flag
    walk_each(arguments, %{at(context, meta) | use: use})
  end

  # Reads
  defp walk({{:., _, [{:__aliases__, _, [:System]}, function]}, meta, [name | rest]}, context)
       when function in [:get_env, :fetch_env, :fetch_env!] do
    context = at(context, meta)

    use =
      case {function, rest} do
        {:fetch_env!, _} -> :required
        {:get_env, [default]} when default != nil -> {:default, literal(default)}
        _ -> context.use
      end

    [read(name, use, context) | walk(rest, value(context))]
  end

  defp walk({{:., _, [:os, :getenv]}, meta, [name | rest]}, context) do
    context = at(context, meta)
    use = if rest == [], do: context.use, else: {:default, literal(hd(rest))}
    [read(name, use, context) | walk(rest, value(context))]
  end

  # Dotenvy
  defp walk({{:., _, [{:__aliases__, _, [:Dotenvy]}, :env!]}, meta, arguments}, context),
    do: walk({:env!, meta, arguments}, context)

  defp walk({:env!, meta, [name | rest]}, context) when is_list(rest) do
    context = at(context, meta)
    use = if length(rest) == 2, do: {:default, literal(List.last(rest))}, else: :required
    [read(name, use, context)]
  end

  # {:system, "NAME"} is read by whoever gets it, at run time.
  defp walk({:system, name}, context) when is_binary(name), do: system_tuple([name], context)
  defp walk({:{}, meta, [:system | rest]}, context), do: system_tuple(rest, at(context, meta))

  # Functions that take no nil: what is read for them must be there.
  defp walk({{:., _, [{:__aliases__, _, [module]}, function]} = call, meta, [first | rest]}, context)
       when module in [:String, :Integer, :Base] and function not in [:to_string] do
    context = at(context, meta)
    walk(call, value(context)) ++ walk(first, %{context | use: :required}) ++ walk(rest, value(context))
  end

  # Where a server listens
  defp walk({key, address}, context) when key in [:ip, :ifaddr] do
    kind = if loopback?(address), do: "loopback", else: "listens"
    hit = %{kind: kind, line: context.line, name: Macro.to_string(address), seek: "#{key}:"}
    [hit | walk(address, value(context))]
  end

  defp walk({:server, true}, %{kind: :script} = context), do: [%{kind: "server", line: context.line, name: "server"}]

  defp walk({:import_config, meta, [file]}, context),
    do: [%{kind: "import", line: meta[:line] || 1, name: imported(file)} | walk(file, value(context))]

  # What a release may not have: Mix, and applications of OTP that nothing lists
  defp walk({{:., _, [{:__aliases__, _, [:Mix | rest]}, function]}, meta, arguments}, context)
       when is_atom(function) and is_list(arguments) do
    context = at(context, meta)
    name = Enum.join([:Mix | rest], ".") <> ".#{function}"
    hit = %{kind: "mix", line: context.line, name: name}
    runs_without_mix = context.phase == :run and not context.conditional
    if(runs_without_mix, do: [hit], else: []) ++ walk(arguments, value(context))
  end

  defp walk({{:., _, [module, function]}, meta, arguments}, context)
       when is_map_key(@applications, module) and is_atom(function) and is_list(arguments) do
    context = at(context, meta)
    call = "#{inspect(module)}.#{function}"
    hit = %{kind: "application", line: context.line, name: Atom.to_string(@applications[module]), default: call}
    if(context.conditional, do: [], else: [hit]) ++ walk(arguments, value(context))
  end

  defp walk({:config, meta, arguments}, %{kind: :script, phase: :build} = context) when is_list(arguments) do
    context = at(context, meta)
    hits = if context.conditional, do: [], else: Enum.flat_map(arguments, &functions(&1, context))
    hits ++ walk(arguments, value(context))
  end

  # Everything else
  defp walk({form, meta, arguments}, context) when is_list(meta) do
    context = value(at(context, meta))
    form = if is_tuple(form), do: walk(form, context), else: []
    form ++ if(is_list(arguments), do: walk(arguments, context), else: [])
  end

  defp walk({left, right}, context), do: walk(left, value(context)) ++ walk(right, value(context))
  defp walk(list, context) when is_list(list), do: walk_each(list, value(context))
  defp walk(_, _), do: []

  defp walk_each(list, context), do: list |> proper() |> Enum.flat_map(&walk(&1, context))

  defp proper([head | tail]) when is_list(tail), do: [head | proper(tail)]
  defp proper([head | tail]), do: [head, tail]
  defp proper([]), do: []

  defp at(context, meta), do: %{context | line: meta[:line] || context.line}
  defp value(context), do: %{context | use: :value}
  defp conditional(context), do: %{context | use: :value, conditional: true}

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

  defp read(name, use, context) do
    {need, default} =
      case use do
        :required -> {if(context.conditional, do: "optional", else: "required"), nil}
        {:default, text} -> {"default", text}
        :flag -> {"flag", nil}
        :value -> {"optional", nil}
      end

    {name, dynamic} = variable(name)
    default = if secret?(name), do: nil, else: default

    %{
      kind: "read",
      name: name,
      phase: Atom.to_string(context.phase),
      need: need,
      default: default,
      dynamic: dynamic,
      line: context.line
    }
  end

  defp variable(name) when is_binary(name), do: {name, false}

  defp variable({sigil, _, [{:<<>>, _, [name]}, []]}) when sigil in [:sigil_c, :sigil_s] and is_binary(name),
    do: {name, false}

  defp variable(name) do
    if is_list(name) and List.ascii_printable?(name) and name != [],
      do: {List.to_string(name), false},
      else: {name |> Macro.to_string() |> String.replace(~r/\s*\n\s*/, " ") |> String.slice(0, 80), true}
  end

  defp secret?(name), do: name =~ ~r/(SECRET|KEY|KEY_BASE|TOKEN|PASSWORD|DSN|COOKIE)$/ or name == "DATABASE_URL"

  # {:system, "NAME"}, {:system, "NAME", default}, {:system, :integer, "NAME", default}
  defp system_tuple(rest, context) do
    case Enum.drop_while(rest, &(not is_binary(&1))) do
      [name | defaults] ->
        if name =~ ~r/^[A-Z][A-Z0-9_]*$/ do
          use = if defaults == [], do: :value, else: {:default, literal(hd(defaults))}
          [Map.put(read(name, use, %{context | phase: :run}), :seek, inspect(name))]
        else
          []
        end

      [] ->
        []
    end
  end

  # What becomes of a value that is compared with clauses when it is missing.
  defp use_of_case(clauses) do
    missing =
      Enum.find(clauses, fn
        {:->, _, [[pattern], _]} -> takes_missing?(pattern)
        _ -> false
      end)

    body = if missing, do: clause_body(missing), else: nil

    cond do
      raises?(body) or missing == nil -> :required
      is_binary(body) or is_number(body) or is_boolean(body) -> {:default, literal(body)}
      Enum.any?(clauses, &match?({:->, _, [[text], _]} when is_binary(text), &1)) -> :flag
      true -> :value
    end
  end

  defp takes_missing?(nil), do: true
  defp takes_missing?(:error), do: true
  defp takes_missing?({:when, _, [pattern | _]}), do: takes_missing?(pattern)
  defp takes_missing?({name, _, context}) when is_atom(name) and is_atom(context), do: true
  defp takes_missing?(_), do: false

  defp clause_body({:->, _, [_, body]}), do: body
  defp clause_body(_), do: nil

  defp tests_nil?({:is_nil, _, _}), do: true
  defp tests_nil?({operator, _, [_]}) when operator in [:!, :not], do: true
  defp tests_nil?({operator, _, [_, missing]}) when operator in [:==, :===] and missing in [nil, ""], do: true
  defp tests_nil?({:in, _, [_, list]}) when is_list(list), do: nil in list
  defp tests_nil?(_), do: false

  defp raises?(ast) do
    {_, found} =
      Macro.prewalk(ast, false, fn
        {function, _, arguments} = node, _ when function in [:raise, :reraise, :throw, :exit] and is_list(arguments) ->
          {node, true}

        {{:., _, [_, function]}, _, _} = node, _ when function in [:raise, :halt, :stop, :abort] ->
          {node, true}

        node, found ->
          {node, found}
      end)

    found
  end

  # Production or not

  defp environment?({:config_env, _, arguments}) when arguments in [[], nil], do: true
  defp environment?({{:., _, [{:__aliases__, _, [:Mix]}, :env]}, _, []}), do: true
  defp environment?(_), do: false

  # Whether a condition holds in production, where it asks for nothing else.
  defp in_production({operator, _, [left, right]}) when operator in [:==, :===, :!=, :!==] do
    cond do
      environment?(left) and is_atom(right) -> right == :prod == operator in [:==, :===]
      environment?(right) and is_atom(left) -> left == :prod == operator in [:==, :===]
      true -> :unknown
    end
  end

  defp in_production({:in, _, [left, list]}) when is_list(list),
    do: if(environment?(left), do: :prod in list, else: :unknown)

  defp in_production({operator, _, [condition]}) when operator in [:not, :!] do
    case in_production(condition) do
      :unknown -> :unknown
      known -> not known
    end
  end

  defp in_production(_), do: :unknown

  defp other_environment?({:->, _, [[pattern], _]}), do: is_atom(pattern) and pattern != :prod
  defp other_environment?(_), do: false

  # Literals

  defp literal?(value) when is_binary(value) or is_number(value) or is_atom(value), do: true
  defp literal?([]), do: true
  defp literal?(_), do: false

  defp literal(value) when is_binary(value), do: value
  defp literal(value) when is_number(value) or (is_atom(value) and value != nil), do: inspect(value)
  defp literal([_ | _] = value), do: if(List.ascii_printable?(value), do: List.to_string(value))
  defp literal(_), do: nil

  defp loopback?(:loopback), do: true
  defp loopback?({:{}, _, [127 | rest]}), do: length(rest) == 3
  defp loopback?({:{}, _, [0, 0, 0, 0, 0, 0, 0, 1]}), do: true
  defp loopback?(address) when is_binary(address), do: address =~ ~r/^(127\.|::1$|localhost$)/
  defp loopback?(_), do: false

  # A file's name with the environment put in; "*" where it is computed.
  defp imported(file) when is_binary(file), do: file

  defp imported({:<<>>, _, parts}) do
    Enum.map_join(parts, fn
      text when is_binary(text) -> text
      {:"::", _, [{_, _, [value]}, _]} -> if environment?(value), do: "prod", else: "*"
      _ -> "*"
    end)
  end

  defp imported(_), do: "*"
end
