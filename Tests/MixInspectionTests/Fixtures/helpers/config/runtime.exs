import Config
import Helpers.Env, only: [fetch!: 1]
alias Helpers.{Env, Settings}

env_name = config_env()

if env_name == :prod and not is_nil(System.get_env("RELEASE_NAME")) do
  config :helpers, always: System.fetch_env!("IN_A_RELEASE")
end

if config_env() == :prod and Application.get_env(:helpers, :hosted) do
  config :helpers, hosted: System.fetch_env!("ONLY_HOSTED")
else
  config :helpers, own: System.fetch_env!("ONLY_OWN")
end

config :helpers,
  required: fetch!("THROUGH_IMPORT"),
  port: Env.integer("THROUGH_ALIAS", 4000),
  piped: "THROUGH_PIPE" |> Env.text(),
  key: Settings.value!(:two_hops),
  whole: Helpers.Whole.pool(System.get_env()),
  local: Env.prefixed("LOCAL")

for {name, key} <- [{:a, :first_of_list}, {:b, :second_of_list}], do: config(:helpers, name, Settings.value(key))

Enum.map(["MAPPED", "MAPPED_TOO"], &System.get_env/1)

url = System.get_env("URL_IN_A_VARIABLE")
if is_nil(url), do: raise("no URL")

workers = System.get_env("WORKERS")

if workers != nil do
  config :helpers, workers: String.to_integer(workers)
end

case System.get_env("STORAGE") || "disk" do
  "s3" -> config :helpers, bucket: fetch!("BUCKET")
  "disk" -> :ok
  _ -> config :helpers, custom: System.fetch_env!("CUSTOM_STORAGE")
end

for file <- "runtime/*.exs" |> Path.expand(__DIR__) |> Path.wildcard(), do: Code.require_file(file)

config :helpers, replica: System.get_env("OFF_BY_DEFAULT", false)
