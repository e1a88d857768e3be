import Config

config :worker, interval: :timer.seconds(10)

if config_env() == :test do
  # Port 0: the system picks a free one.
  config :web, port: 0
end
