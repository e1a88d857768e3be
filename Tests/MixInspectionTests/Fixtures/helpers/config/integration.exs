import Config

config :helpers, x: System.fetch_env!("IN_NO_PRODUCTION")
