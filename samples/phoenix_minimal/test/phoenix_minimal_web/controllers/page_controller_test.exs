defmodule PhoenixMinimalWeb.PageControllerTest do
  use PhoenixMinimalWeb.ConnCase

  test "GET /", %{conn: conn} do
    conn = get(conn, ~p"/")
    assert html_response(conn, 200) =~ PhoenixMinimal.welcome()
  end
end
