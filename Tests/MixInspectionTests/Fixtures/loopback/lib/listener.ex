defmodule Listener do
  def listen(port) do
    :gen_tcp.listen(port, [:binary, ip: :loopback])
  end

  def outside(port) do
    :gen_tcp.listen(port, [:binary, ip: {0, 0, 0, 0}])
  end
end
