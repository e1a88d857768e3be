defmodule HelloTest do
  use ExUnit.Case

  doctest Hello

  test "greets the world when no one is named" do
    assert Hello.greeting() == "Hello, world!"
  end

  test "counts its greetings" do
    before = Hello.Counter.value()
    Hello.greeting("Joe")
    assert Hello.Counter.value() == before + 1
  end
end
