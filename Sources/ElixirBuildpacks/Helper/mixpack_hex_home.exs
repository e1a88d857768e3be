# Run by mixpack before mix fetches from private repositories: fills a home folder of Hex's that is in memory and goes with
# the command. Only the cache of the registry, which has no keys, is kept.
#
# The variables HEX_HOME, MIXPACK_HEX_CONFIG and MIXPACK_HEX_KEPT name the folder, its configuration, and the folder that
# keeps the cache.
defmodule :mixpack_hex_home do
  def fill do
    home = System.fetch_env!("HEX_HOME")
    kept = System.fetch_env!("MIXPACK_HEX_KEPT")
    File.write!(Path.join(home, "hex.config"), System.fetch_env!("MIXPACK_HEX_CONFIG"))
    Enum.each(["MIXPACK_HEX_CONFIG", "MIXPACK_HEX_KEPT"], &System.delete_env/1)
    bring(kept, home)
    System.at_exit(fn _ -> bring(home, kept) end)
  end

  defp bring(from, to), do: File.copy(Path.join(from, "cache.ets"), Path.join(to, "cache.ets"))
end

:mixpack_hex_home.fill()
