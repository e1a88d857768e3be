defmodule Web.Signature do
  @moduledoc """
  Signs what the server says with the secret that it was started with.
  """

  def sign(text) do
    :hmac
    |> :crypto.mac(:sha256, secret(), text)
    |> Base.url_encode64(padding: false)
  end

  defp secret do
    Application.get_env(:web, :secret_key_base) || "only for development and tests"
  end
end
