import Config
import Dotenvy

if System.get_env("FLAG") do
  config :variables, server: true
end

config :variables, ipv6: if(System.get_env("FLAG_IN") in ~w(true 1), do: [:inet6], else: [])

if config_env() in [:dev, :test] do
  config :variables, x: System.fetch_env!("NOT_IN_PROD")
end

if config_env() != :prod, do: System.fetch_env!("NOT_IN_PROD_EITHER"), else: System.fetch_env!("IN_PROD")

config :variables,
  required_raise: System.get_env("REQUIRED_RAISE") || raise("missing"),
  required_fetch: System.fetch_env!("REQUIRED_FETCH"),
  required_number: String.to_integer(System.get_env("REQUIRED_NUMBER")),
  required_pipe: "REQUIRED_PIPE" |> System.get_env() |> String.to_integer(),
  default_or: String.to_integer(System.get_env("DEFAULT_OR") || "10"),
  default_argument: System.get_env("DEFAULT_ARGUMENT", "eleven"),
  default_pipe: "DEFAULT_PIPE" |> System.get_env("12") |> String.to_integer(),
  default_secret: System.get_env("DEFAULT_SECRET", "from the source"),
  default_other: System.get_env("DEFAULT_OTHER") || System.get_env("DEFAULT_LAST") || "13",
  optional: System.get_env("OPTIONAL"),
  dotenv: env!("DOTENV_REQUIRED", :string),
  dotenv_default: env!("DOTENV_DEFAULT", :integer, 14),
  erlang: :os.getenv('ERLANG_STYLE'),
  erlang_default: :os.getenv('ERLANG_DEFAULT', '15'),
  tuple: {:system, "TUPLE"},
  tuple_default: {:system, "TUPLE_DEFAULT", "16"}

case System.get_env("CASE_REQUIRED") do
  nil -> raise "missing"
  value -> config :variables, x: value
end

case System.get_env("CASE_DEFAULT") do
  nil -> "17"
  value -> value
end

case System.fetch_env("CASE_FETCH") do
  {:ok, value} -> config :variables, y: value
  :error -> :ok
end

unless System.get_env("UNLESS_REQUIRED"), do: raise("missing")

if System.get_env("WITH_STORE") do
  config :variables, store: System.fetch_env!("ONLY_WITH_STORE")
end

for name <- ~w(A B), do: System.fetch_env!("PREFIX_#{name}")
