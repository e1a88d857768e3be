defmodule Web.Server do
  @moduledoc """
  A small HTTP server: listens on every interface and hands each connection to a task.
  """

  use GenServer

  require Logger

  def start_link(options) do
    GenServer.start_link(__MODULE__, options, name: __MODULE__)
  end

  @doc "Returns the port that the server listens on."
  def port do
    GenServer.call(__MODULE__, :port)
  end

  @impl true
  def init(options) do
    listen_options = [
      :binary,
      packet: :http_bin,
      active: false,
      reuseaddr: true,
      ip: {0, 0, 0, 0},
      backlog: 128
    ]

    case :gen_tcp.listen(Keyword.fetch!(options, :port), listen_options) do
      {:ok, socket} ->
        {:ok, port} = :inet.port(socket)
        Logger.info("web listens on port #{port}")
        spawn_link(fn -> accept(socket) end)
        {:ok, %{port: port}}

      {:error, reason} ->
        {:stop, {:listen_failed, reason}}
    end
  end

  @impl true
  def handle_call(:port, _from, state) do
    {:reply, state.port, state}
  end

  defp accept(socket) do
    {:ok, connection} = :gen_tcp.accept(socket)

    {:ok, task} =
      Task.Supervisor.start_child(Web.Connections, fn ->
        receive do
          :go -> serve(connection)
        after
          5_000 -> :gen_tcp.close(connection)
        end
      end)

    # The task owns the connection before it reads from it, so that the socket closes with the task.
    :gen_tcp.controlling_process(connection, task)
    send(task, :go)
    accept(socket)
  end

  defp serve(connection) do
    with {:ok, {:http_request, method, {:abs_path, path}, _version}} <-
           :gen_tcp.recv(connection, 0, 5_000),
         :ok <- skip_headers(connection) do
      {status, body} = Web.Router.call(method, path)
      :gen_tcp.send(connection, response(status, body))
    end

    :gen_tcp.close(connection)
  end

  defp skip_headers(connection) do
    case :gen_tcp.recv(connection, 0, 5_000) do
      {:ok, :http_eoh} -> :ok
      {:ok, _header} -> skip_headers(connection)
      {:error, reason} -> {:error, reason}
    end
  end

  defp response(status, body) do
    [
      "HTTP/1.1 #{status}\r\n",
      "content-type: text/plain; charset=utf-8\r\n",
      "content-length: #{byte_size(body)}\r\n",
      "connection: close\r\n\r\n",
      body
    ]
  end
end
