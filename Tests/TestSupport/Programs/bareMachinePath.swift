import Glibc
public import SystemPackage

/// Makes a folder with everything of this machine's `PATH` in it but some programs, and gives it as a `PATH`.
/// - Parameter left: what is left out; by default Erlang and Elixir.
public func bareMachinePath(
    in folder: FilePath,
    without left: [String] = [
        "elixir", "elixirc", "erl", "erlc", "escript", "iex", "mix", "rebar3", "epmd", "ct_run", "dialyzer",
    ]
) throws -> String {
    try folder.makeFolder()
    for place in ["/usr/local/bin", "/usr/bin", "/bin"] {
        for name in (try? FilePath(place).names()) ?? [] where !left.contains(name) {
            // What stands in the first folder counts, as on any PATH.
            symlink("\(place)/\(name)", folder.appending(name).string)
        }
    }
    return folder.string
}
