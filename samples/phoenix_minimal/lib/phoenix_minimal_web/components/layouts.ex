defmodule PhoenixMinimalWeb.Layouts do
  use PhoenixMinimalWeb, :html

  embed_templates "layouts/*"
end
