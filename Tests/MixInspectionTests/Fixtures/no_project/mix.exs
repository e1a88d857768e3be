IO.puts("just a script")
