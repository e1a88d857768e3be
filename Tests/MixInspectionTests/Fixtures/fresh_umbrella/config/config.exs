import Config

config :shop_web, generators: [context_app: :shop]

import_config "#{config_env()}.exs"
