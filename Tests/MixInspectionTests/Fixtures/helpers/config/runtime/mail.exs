import Config

config :helpers, mail: System.fetch_env!("MAIL_PASSWORD")
