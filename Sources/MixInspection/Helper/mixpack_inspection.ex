defmodule :mixpack_inspection do
  @moduledoc false

  # Reads a request (lines of "key=value"), evaluates mix.exs and scans source files, and writes the answer as JSON to a
  # file: mix.exs may print whatever it likes. Runs on Elixir 1.11 and later, without Hex and without dependencies.

  def main do
    [request] = :init.get_plain_arguments()
    {:ok, _} = Application.ensure_all_started(:elixir)
    request = read_request(List.to_string(request))
    File.cd!(request.project)
    answer = Map.merge(evaluation(request), scan(request))
    File.write!(request.output, :mixpack_json.encode(answer))
    :erlang.halt(0, flush: false)
  catch
    kind, reason ->
      IO.puts(:stderr, "mixpack_inspection: " <> Exception.format(kind, reason, __STACKTRACE__))
      :erlang.halt(70, flush: true)
  end

  defp read_request(path) do
    pairs =
      for line <- String.split(File.read!(path), "\n", trim: true), do: List.to_tuple(String.split(line, "=", parts: 2))

    %{
      project: value(pairs, "project"),
      output: value(pairs, "output"),
      evaluate: value(pairs, "evaluate") == "true",
      timeout: String.to_integer(value(pairs, "timeout")),
      scan: for({"scan", file} <- pairs, do: file),
      candidates: for({"candidate", file} <- pairs, do: file)
    }
  end

  defp value(pairs, key), do: pairs |> List.keyfind(key, 0) |> elem(1)

  defp evaluation(%{evaluate: false}), do: %{}

  defp evaluation(request) do
    caller = self()
    {pid, monitor} = spawn_monitor(fn -> send(caller, {:evaluated, :mixpack_project.evaluate()}) end)

    receive do
      {:evaluated, answer} -> answer
      {:DOWN, ^monitor, _, _, reason} -> %{error: %{message: "mix.exs ended its process: " <> inspect(reason)}}
    after
      request.timeout ->
        # Where it is stuck.
        stack = with {:current_stacktrace, stack} <- Process.info(pid, :current_stacktrace), do: stack
        place = :mixpack_project.place(List.wrap(stack))
        %{error: Map.merge(place, %{message: "", timedOut: true})}
    end
  end

  defp scan(%{scan: []}), do: %{}

  defp scan(request) do
    {hits, words} = :mixpack_scan.files(request.scan, request.candidates)
    %{scan: hits, scanWords: words}
  end
end
