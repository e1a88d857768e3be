import Config

flag = fn name -> System.get_env(name) in ~w(true 1) end

config :helpers, debug: flag.("BUILD_DEBUG"), sends: if(System.get_env("MAIL_TOKEN"), do: true, else: false)

if File.exists?("config/local.exs"), do: import_config("local.exs")
