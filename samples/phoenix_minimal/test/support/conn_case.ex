defmodule PhoenixMinimalWeb.ConnCase do
  @moduledoc """
  The case of tests that need a connection.
  """

  use ExUnit.CaseTemplate

  using do
    quote do
      @endpoint PhoenixMinimalWeb.Endpoint

      use PhoenixMinimalWeb, :verified_routes

      import Plug.Conn
      import Phoenix.ConnTest
      import PhoenixMinimalWeb.ConnCase
    end
  end

  setup _tags do
    {:ok, conn: Phoenix.ConnTest.build_conn()}
  end
end
