import Glibc
public import SystemPackage

/// Makes a folder with everything of this machine's `PATH` in it but Erlang and Elixir, and gives it as a `PATH`.
public func bareMachinePath(in folder: FilePath) throws -> String {
    let left = ["elixir", "elixirc", "erl", "erlc", "escript", "iex", "mix", "rebar3", "epmd", "ct_run", "dialyzer"]
    try folder.makeFolder()
    for place in ["/usr/local/bin", "/usr/bin", "/bin"] {
        for name in (try? FilePath(place).names()) ?? [] where !left.contains(name) {
            // What stands in the first folder counts, as on any PATH.
            symlink("\(place)/\(name)", folder.appending(name).string)
        }
    }
    return folder.string
}
