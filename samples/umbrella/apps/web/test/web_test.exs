defmodule WebTest do
  use ExUnit.Case

  defp get(path) do
    {:ok, socket} = :gen_tcp.connect({127, 0, 0, 1}, Web.Server.port(), [:binary, active: false])
    :ok = :gen_tcp.send(socket, "GET #{path} HTTP/1.1\r\nhost: localhost\r\n\r\n")
    {:ok, response} = read(socket, "")
    response
  end

  defp read(socket, text) do
    case :gen_tcp.recv(socket, 0, 5_000) do
      {:ok, more} -> read(socket, text <> more)
      {:error, :closed} -> {:ok, text}
    end
  end

  test "answers with a signed count" do
    response = get("/")
    assert response =~ "HTTP/1.1 200 OK"
    assert [_, signed, signature] = Regex.run(~r/(visit \d+), signed (\S+)/, response)
    assert Web.Signature.sign(signed) == signature
  end

  test "knows when it is well" do
    assert get("/health") =~ "ok"
  end

  test "says so when there is nothing" do
    assert get("/nothing") =~ "HTTP/1.1 404 Not Found"
  end
end
