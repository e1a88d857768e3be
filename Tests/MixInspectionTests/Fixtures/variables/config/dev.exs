import Config

config :variables, x: System.fetch_env!("DEV_FILE")
