use Mix.Config

config :old, Old.Repo, password: System.get_env("DEV_PASSWORD") || "postgres"
config :old, OldWeb.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4000]
