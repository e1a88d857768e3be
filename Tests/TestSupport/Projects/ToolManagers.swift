import FoundationEssentials
public import SystemPackage

/// A home folder with version managers in it: stand-ins that lay out and look up as the real ones do.
///
/// An install is made of scripts that say their version, unless one is handed in as folders of the machine.
public struct ToolManagers: Sendable {
    /// The user's home folder.
    public let home: FilePath
    /// A folder of the system's programs, without Elixir and Erlang.
    public let system: FilePath

    /// Makes the home below a folder.
    public init(in folder: FilePath) throws {
        home = folder.appending("user")
        system = folder.appending("system")
        try home.makeFolder()
        try system.makeFolder()
        for name in ["sh", "sed", "grep", "sort", "tail", "tr", "dirname", "basename", "ls", "cat", "env", "readlink"] {
            try? FileManager.default.createSymbolicLink(
                atPath: system.appending(name).string, withDestinationPath: try findTool(name).string)
        }
    }

    /// A shell's variables, with these folders first on `PATH`.
    public func environment(_ path: [FilePath], _ more: [String: String] = [:]) -> [String: String] {
        let folders = (path + [system]).map(\.string).joined(separator: ":")
        return ["HOME": home.string, "PATH": folders].merging(more) { $1 }
    }

    // MARK: - Installs

    /// Writes an Elixir that prints its version.
    public func addElixir(_ version: String, at root: FilePath) throws {
        try root.appending("lib/elixir/ebin/elixir.app").write("{application,elixir,[{vsn,\"\(version)\"}]}.\n")
        try root.appending("bin/elixir").write("#!/bin/sh\necho \(version)\n", mode: 0o755)
    }

    /// Writes an Erlang whose `erl` prints its version.
    public func addErlang(_ version: String, at root: FilePath) throws {
        let major = version.prefix { $0.isNumber }
        try root.appending("releases/start_erl.data").write("15.0 \(major)\n")
        try root.appending("releases/\(major)/OTP_VERSION").write("\(version)\n")
        try root.appending("bin/erl").write("#!/bin/sh\necho \(version)\n", mode: 0o755)
    }

    /// Installs a version for asdf or mise, under the name that the manager knows it by.
    public func install(_ tool: String, _ name: String, says version: String? = nil, for manager: String) throws {
        let root = folder(of: manager).appending("installs/\(tool)/\(name)")
        let bare = version ?? String(name.split(separator: "-otp-")[0])
        if tool == "elixir" { try addElixir(bare, at: root) } else { try addErlang(bare, at: root) }
    }

    /// The folder of a manager.
    public func folder(of manager: String) -> FilePath {
        home.appending(manager == "mise" ? ".local/share/mise" : ".\(manager)")
    }

    /// Copies this machine's own Elixir and Erlang to where a manager keeps its installs.
    public func copyMachine(elixir: FilePath, erlang: FilePath) async throws {
        let machine = try MachineToolchain()
        for (from, to) in [(machine.elixirRoot, elixir), (machine.erlangRoot, erlang)] {
            try to.makeFolder()
            _ = try await run(findTool("cp"), ["-a", "\(from)/.", to.string]).succeeded()
        }
        // What is built for a folder has that folder written into its scripts.
        for script in try erlang.tree().filter({ $0.hasSuffix("bin/erl") }).map({ erlang.pushing(FilePath($0)) }) {
            let text = try script.readText()
            try script.write(
                text.replacing("ROOTDIR=\(machine.erlangRoot)\n", with: "ROOTDIR=\"\(erlang)\"\n"), mode: 0o755)
        }
    }

    // MARK: - Shims

    /// Writes asdf's shims: they look for `.tool-versions` in the folder and in each above it.
    public func addShims(asdf programs: [(program: String, plugin: String)]) throws -> FilePath {
        try shims("asdf", programs, Self.asdf)
    }

    /// Writes mise's shims: they look for `mise.toml` and `.tool-versions`, and take beginnings of versions.
    public func addShims(mise programs: [(program: String, plugin: String)]) throws -> FilePath {
        try shims("mise", programs, Self.mise)
    }

    private func shims(
        _ manager: String, _ programs: [(program: String, plugin: String)], _ script: String
    ) throws -> FilePath {
        let shims = folder(of: manager).appending("shims")
        for (program, plugin) in programs {
            let text = script.replacing("@PROGRAM@", with: program).replacing("@PLUGIN@", with: plugin)
                .replacing("@ROOT@", with: folder(of: manager).string)
                .replacing("@VARIABLE@", with: "\(manager.uppercased())_\(plugin.uppercased())_VERSION")
            try shims.appending(program).write(text, mode: 0o755)
        }
        return shims
    }

    private static let asdf = #"""
        #!/bin/sh
        # asdf-plugin: @PLUGIN@
        versions=$@VARIABLE@
        folder=$PWD
        while [ -z "$versions" ]; do
          [ -f "$folder/.tool-versions" ] && versions=$(sed -n 's/#.*//; s/^@PLUGIN@ *//p' "$folder/.tool-versions")
          [ "$folder" = / ] && break
          folder=$(dirname "$folder")
        done
        [ -z "$versions" ] && [ -f "$HOME/.tool-versions" ] &&
          versions=$(sed -n 's/#.*//; s/^@PLUGIN@ *//p' "$HOME/.tool-versions")
        [ -z "$versions" ] && { echo "No version is set for command @PROGRAM@" >&2; exit 126; }
        for version in $versions; do
          case $version in
            system)
              PATH=$(echo "$PATH" | tr : '\n' | grep -Fvx '@ROOT@/shims' | tr '\n' :)
              exec @PROGRAM@ "$@" ;;
            path:*) root=${version#path:} ;;
            ref:*) root="@ROOT@/installs/@PLUGIN@/ref-${version#ref:}" ;;
            *) root="@ROOT@/installs/@PLUGIN@/$version" ;;
          esac
          [ -x "$root/bin/@PROGRAM@" ] && exec "$root/bin/@PROGRAM@" "$@"
        done
        echo "No preset version installed for command @PROGRAM@" >&2
        exit 126
        """#

    private static let mise = #"""
        #!/bin/sh
        version=$@VARIABLE@
        folder=$PWD
        read_file() {
          [ -n "$version" ] || [ ! -f "$1" ] || version=$(sed -n 's/^@PLUGIN@ *= *"\(.*\)"$/\1/p' "$1")
        }
        # Of conf.d the last file counts, and less than the others.
        read_all() {
          for name in $(ls "$1" 2>/dev/null | grep '[.]toml$' | sort -r); do read_file "$1/$name"; done
        }
        look() {
          for file in .mise.local.toml mise.local.toml .mise.toml mise.toml mise/config.toml .mise/config.toml \
            .config/mise.toml .config/mise/config.toml; do read_file "$1/$file"; done
          read_all "$1/.config/mise/conf.d"
          [ -n "$version" ] || [ ! -f "$1/.tool-versions" ] ||
            version=$(sed -n 's/#.*//; s/^@PLUGIN@ *\([^ ]*\).*/\1/p' "$1/.tool-versions")
        }
        while [ -z "$version" ]; do
          look "$folder"
          [ "$folder" = / ] && break
          folder=$(dirname "$folder")
        done
        read_file "$HOME/.config/mise/config.toml"
        read_all "$HOME/.config/mise/conf.d"
        [ -z "$version" ] && { echo "@PROGRAM@ is not a mise tool here" >&2; exit 1; }
        root="@ROOT@/installs/@PLUGIN@"
        if [ "$version" = latest ]; then
          version=$(ls "$root" | grep '^[0-9]' | sort -V | tail -n 1)
        elif [ ! -d "$root/$version" ]; then
          version=$(ls "$root" | grep "^$version[.-]" | sort -V | tail -n 1)
        fi
        [ -x "$root/$version/bin/@PROGRAM@" ] && exec "$root/$version/bin/@PROGRAM@" "$@"
        echo "mise: $version of @PLUGIN@ is not installed" >&2
        exit 1
        """#
}
