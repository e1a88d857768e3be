import Config

import_config("extra.exs")
import_config "prod.secret.exs"
