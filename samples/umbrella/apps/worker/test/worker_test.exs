defmodule WorkerTest do
  use ExUnit.Case

  test "does a piece of work when its time has come" do
    ticker = start_supervised!({Worker.Ticker, name: :ticker_of_test, interval: :timer.hours(1)})
    assert Worker.Ticker.ticks(ticker) == 0
    send(ticker, :tick)
    assert Worker.Ticker.ticks(ticker) == 1
  end
end
