defmodule PhoenixMinimalWeb.PageController do
  use PhoenixMinimalWeb, :controller

  def home(conn, _params) do
    render(conn, :home, welcome: PhoenixMinimal.welcome())
  end
end
