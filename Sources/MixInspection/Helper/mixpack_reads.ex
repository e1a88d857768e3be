defmodule :mixpack_reads do
  @moduledoc false

  # The hits of a scan that are variables: their name, their need, and under which conditions they are read.

  # What every system has.
  @usual ~w(PATH HOME USER PWD SHELL LANG TERM HOSTNAME)

  # One for each name that the expression may come to; one that cannot be told is said to be missing.
  def reads(name, use, context) do
    values = :mixpack_values.of(name, context)
    {file, line} = :mixpack_values.place(name, [], context)
    named = for value <- values, known = variable(value), do: read(known, use, %{context | file: file, line: line})

    if Enum.all?(values, &(&1 == :"$system" or variable(&1))),
      do: named,
      else: named ++ [dynamic(name, values, context)]
  end

  defp dynamic(name, values, context) do
    {file, line, text} = context.site || {context.file, context.line, :mixpack_code.text(name)}
    owner = if :"$param" in values, do: context.owner
    %{kind: "dynamic", name: text, phase: Atom.to_string(context.phase), file: file, line: line, owner: owner}
  end

  def read(name, use, context) do
    {need, default} =
      case if(is_given?(name, context) and use in [:required, :flag], do: :value, else: use) do
        :required -> {if(context.conditions == [], do: "required", else: "conditional"), nil}
        {:default, text} -> {"default", text}
        :flag -> {"flag", nil}
        :value -> {"optional", nil}
      end

    hit = %{
      kind: "read",
      name: name,
      file: context.file,
      phase: Atom.to_string(context.phase),
      need: need,
      default: if(secret?(name), do: nil, else: default),
      line: context.line
    }

    if need == "conditional", do: Map.merge(hit, condition(context)), else: hit
  end

  # Whether a variable is there in any case: every system has it, or a condition around the read tests it.
  defp is_given?(name, context), do: name in @usual or MapSet.member?(context.guards, name)

  # The words of all conditions, and the line of the innermost.
  defp condition(%{conditions: [innermost | _] = conditions} = context) do
    words = conditions |> Enum.reverse() |> Enum.map(& &1.words) |> Enum.uniq() |> Enum.join(", ")
    elsewhere = if innermost.file == context.file, do: "", else: " (#{innermost.file}:#{innermost.line})"
    line = if elsewhere == "", do: innermost.line
    %{condition: words <> elsewhere, conditionLine: line}
  end

  defp variable(name) when is_binary(name), do: if(name =~ ~r/^[A-Za-z_][A-Za-z0-9_]*$/, do: name)

  defp variable([first | _] = name) when is_integer(first),
    do: if(List.ascii_printable?(name), do: variable(List.to_string(name)))

  defp variable(_), do: nil

  defp secret?(name), do: name =~ ~r/(SECRET|KEY|KEY_BASE|TOKEN|PASSWORD|DSN|COOKIE)$/ or name == "DATABASE_URL"

  # {:system, "NAME"}, {:system, "NAME", default}, {:system, :integer, "NAME", default}
  def system_tuple(rest, context) do
    case Enum.drop_while(rest, &(not is_binary(&1))) do
      [name | defaults] ->
        if name =~ ~r/^[A-Z][A-Z0-9_]*$/ do
          use = if defaults == [], do: :value, else: {:default, :mixpack_needs.literal(hd(defaults))}
          [%{context | phase: :run} |> then_read(name, use) |> Map.put(:seek, inspect(name))]
        else
          []
        end

      [] ->
        []
    end
  end

  # A binding of Vapor's Env, which wants every variable unless the binding, or the Env, says otherwise.
  def binding({_, name}, fields, context), do: bound(name, [], fields, context)
  def binding({:{}, meta, [_, name, options]}, fields, context) when is_list(options),
    do: bound(name, options, fields, %{context | line: meta[:line] || context.line})

  def binding(_, _, _), do: []

  defp bound(name, options, fields, context) when is_binary(name) do
    use =
      cond do
        Keyword.has_key?(options, :default) -> :mixpack_needs.use_of_default(options[:default], context)
        Keyword.get(options, :required, Keyword.get(fields, :required, true)) == false -> :value
        true -> :required
      end

    [name |> read(use, context) |> Map.put(:seek, inspect(name))]
  end

  defp bound(_, _, _, _), do: []

  defp then_read(context, name, use), do: name |> read(use, context) |> Map.put(:isFixed, true)
end
