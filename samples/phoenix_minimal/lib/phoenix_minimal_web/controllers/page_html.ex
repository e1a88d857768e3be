defmodule PhoenixMinimalWeb.PageHTML do
  use PhoenixMinimalWeb, :html

  embed_templates "page_html/*"
end
