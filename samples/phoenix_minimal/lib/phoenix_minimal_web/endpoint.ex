defmodule PhoenixMinimalWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :phoenix_minimal

  @session_options [
    store: :cookie,
    key: "_phoenix_minimal_key",
    signing_salt: "u7sJX1bE",
    same_site: "Lax"
  ]

  plug Plug.Static,
    at: "/",
    from: :phoenix_minimal,
    gzip: false,
    only: PhoenixMinimalWeb.static_paths()

  if code_reloading? do
    socket "/phoenix/live_reload/socket", Phoenix.LiveReloader.Socket
    plug Phoenix.LiveReloader
    plug Phoenix.CodeReloader
  end

  plug Plug.RequestId
  plug Plug.Telemetry, event_prefix: [:phoenix, :endpoint]

  plug Plug.Parsers,
    parsers: [:urlencoded, :multipart, :json],
    pass: ["*/*"],
    json_decoder: Phoenix.json_library()

  plug Plug.MethodOverride
  plug Plug.Head
  plug Plug.Session, @session_options
  plug PhoenixMinimalWeb.Router
end
