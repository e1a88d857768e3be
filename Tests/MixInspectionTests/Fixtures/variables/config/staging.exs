import Config

config :variables, x: System.fetch_env!("NEVER_IMPORTED")
