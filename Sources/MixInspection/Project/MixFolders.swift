import SystemPackage

/// Where the user's mix and Hex keep their files: `MIX_HOME` and `HEX_HOME` first, then XDG's folders with `MIX_XDG`.
///
/// As Mix.Utils and Hex.State have it.
package struct MixFolders: Sendable {
    /// mix's home, with archives and rebar3; `nil` without a home folder.
    package let mix: FilePath?
    /// The folder of `hex.config`.
    package let hexConfiguration: FilePath?
    /// The folder of Hex's packages and of `cache.ets`.
    package let hexCache: FilePath?

    package init(_ environment: [String: String]) {
        let isXDG = ["1", "true"].contains(environment["MIX_XDG"])
        func folder(_ name: String, named variable: String, xdg: String, _ below: String) -> FilePath? {
            if let named = environment[variable] { return FilePath(named) }
            let home = environment["HOME"].map { FilePath($0) }
            guard isXDG else { return home?.appending(".\(name)") }
            return (environment[xdg].map { FilePath($0) } ?? home?.appending(FilePath(below).components))?
                .appending(name)
        }
        mix = folder("mix", named: "MIX_HOME", xdg: "XDG_DATA_HOME", ".local/share")
        hexConfiguration = folder("hex", named: "HEX_HOME", xdg: "XDG_CONFIG_HOME", ".config")
        hexCache = folder("hex", named: "HEX_HOME", xdg: "XDG_CACHE_HOME", ".cache")
    }
}
