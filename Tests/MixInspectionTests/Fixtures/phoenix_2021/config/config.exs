use Mix.Config

config :old, OldWeb.Endpoint,
  url: [host: "localhost"],
  secret_key_base: "written in the source",
  pubsub_server: Old.PubSub

import_config "#{Mix.env()}.exs"
