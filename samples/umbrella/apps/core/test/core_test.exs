defmodule CoreTest do
  use ExUnit.Case

  test "counts visits" do
    before = Core.visits()
    assert Core.visit() == before + 1
    assert Core.visits() == before + 1
  end
end
