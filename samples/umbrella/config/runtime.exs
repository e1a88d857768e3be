import Config

if config_env() == :prod do
  config :web,
    port: String.to_integer(System.get_env("PORT") || "4000"),
    secret_key_base: System.fetch_env!("SECRET_KEY_BASE")
end
