import Config

config :hello, HelloWeb.Endpoint,
  http: [ip: {127, 0, 0, 1}, port: 4002],
  secret_key_base: "for tests only: a release takes SECRET_KEY_BASE from its own environment",
  server: false

config :logger, level: :warning

config :phoenix, :plug_init_mode, :runtime
