// ElixirBuildpacks
