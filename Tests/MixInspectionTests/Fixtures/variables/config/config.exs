import Config

config :variables,
  build_time: System.get_env("BUILD_TIME"),
  token: System.fetch_env!("BUILD_TOKEN")

if config_env() == :dev do
  config :variables, dev: System.fetch_env!("DEV_ONLY")
end

case config_env() do
  :test -> config :variables, test: System.fetch_env!("TEST_ONLY")
  :prod -> config :variables, prod: System.fetch_env!("PROD_BUILD")
end

import_config "#{config_env()}.exs"
