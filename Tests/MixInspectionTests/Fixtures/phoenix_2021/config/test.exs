use Mix.Config

config :old, Old.Repo, database: "old_test#{System.get_env("MIX_TEST_PARTITION")}"
