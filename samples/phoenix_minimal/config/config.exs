import Config

config :phoenix_minimal,
  generators: [timestamp_type: :utc_datetime]

config :phoenix_minimal, PhoenixMinimalWeb.Endpoint,
  url: [host: "localhost"],
  adapter: Bandit.PhoenixAdapter,
  render_errors: [
    formats: [html: PhoenixMinimalWeb.ErrorHTML, json: PhoenixMinimalWeb.ErrorJSON],
    layout: false
  ],
  pubsub_server: PhoenixMinimal.PubSub,
  live_view: [signing_salt: "0Vk4oZ3q"]

config :logger, :console,
  format: "$time $metadata[$level] $message\n",
  metadata: [:request_id]

config :phoenix, :json_library, Jason

import_config "#{config_env()}.exs"
