import Config

config :variables, extra: System.get_env("EXTRA") || "text"
