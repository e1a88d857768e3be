import Diagnostics
import Files
import Glibc
import SystemPackage

extension Toolchain {
    /// Finds the Erlang and Elixir that a shell with this environment would start, without running anything.
    ///
    /// Looked at are the folders of `PATH`, links resolved, and then the installs of asdf and mise, whose shims on
    /// `PATH` are scripts that tell nothing; of those, the newest counts.
    /// - Throws: `Failure` of the kind `noToolchain`, which says how to get what is missing.
    package static func discover(environment: [String: String]) throws(Failure) -> Toolchain {
        let places = InstallPlaces(environment: environment)
        let elixir = places.roots(of: "elixir").lazy.compactMap(ElixirInstall.init(root:)).first
        let erlang = places.roots(of: "erl", tool: "erlang").lazy.compactMap(ErlangInstall.init(root:)).first
        guard let elixir else { throw missing(erlang == nil ? "no Elixir and no Erlang" : "no Elixir") }
        guard let erlang else { throw missing("Elixir \(elixir.version) but no Erlang") }
        return Toolchain(
            elixirVersion: elixir.version, otpVersion: erlang.version, ertsVersion: erlang.runtimeVersion,
            elixirRoot: elixir.root, erlangRoot: erlang.root)
    }

    /// The toolchain that lies in two folders; `nil` where it does not.
    package init?(elixirRoot: FilePath, erlangRoot: FilePath) {
        guard let elixir = ElixirInstall(root: elixirRoot), let erlang = ErlangInstall(root: erlangRoot) else {
            return nil
        }
        self.init(
            elixirVersion: elixir.version, otpVersion: erlang.version, ertsVersion: erlang.runtimeVersion,
            elixirRoot: elixirRoot, erlangRoot: erlangRoot)
    }

    private static func missing(_ what: String) -> Failure {
        Failure(
            .noToolchain, "there is \(what) on this machine",
            advice:
                "on Debian or Ubuntu: sudo apt-get install elixir erlang-dev erlang-parsetools erlang-ssl erlang-inets")
    }
}

/// An Elixir that is installed in a folder.
struct ElixirInstall {
    let root: FilePath
    let version: String

    init?(root: FilePath) {
        let file = root.appending("lib/elixir/ebin/elixir.app")
        guard let text = try? ProjectFile.text(file), let version = Self.version(in: text) else { return nil }
        self.root = root
        self.version = version
    }

    /// The value of `{vsn,"…"}` in an application's resource file.
    private static func version(in text: String) -> String? {
        guard let match = text.firstMatch(of: /\{\s*vsn\s*,\s*"([^"]+)"/) else { return nil }
        return String(match.1)
    }
}

/// An Erlang/OTP that is installed in a folder.
struct ErlangInstall {
    let root: FilePath
    let version: String
    let runtimeVersion: String

    init?(root: FilePath) {
        // "13.1.5 25": the runtime system's version and the release's number.
        guard let data = try? ProjectFile.text(root.appending("releases/start_erl.data")) else { return nil }
        let words = data.split(whereSeparator: \.isWhitespace)
        guard let runtime = words.first, let number = words.dropFirst().first else { return nil }
        let file = root.appending("releases/\(number)/OTP_VERSION")
        let full = (try? ProjectFile.text(file))?.split(whereSeparator: \.isWhitespace).first
        self.root = root
        version = String(full ?? number)
        runtimeVersion = String(runtime)
    }
}
