defmodule PhoenixMinimalWeb.Router do
  use PhoenixMinimalWeb, :router

  pipeline :browser do
    plug :accepts, ["html"]
    plug :fetch_session
    plug :put_root_layout, html: {PhoenixMinimalWeb.Layouts, :root}
    plug :protect_from_forgery
    plug :put_secure_browser_headers
  end

  scope "/", PhoenixMinimalWeb do
    pipe_through :browser

    get "/", PageController, :home
  end
end
