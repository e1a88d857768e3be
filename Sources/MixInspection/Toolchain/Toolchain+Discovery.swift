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
            .noToolchain, "this machine has \(what)",
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
        guard let text = try? ProjectFile.text(file), let version = ApplicationResource(text)?.version, !version.isEmpty
        else { return nil }
        self.root = root
        self.version = version
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

/// The folders in which an Elixir or Erlang may be installed, the first one that counts first.
struct InstallPlaces {
    let environment: [String: String]

    /// The folders that hold `bin/<program>`, by `PATH` and then by the version managers' folders.
    func roots(of program: String, tool: String? = nil) -> [FilePath] {
        onPath(program) + managed(tool ?? program)
    }

    private func onPath(_ program: String) -> [FilePath] {
        let path = environment["PATH"] ?? ""
        return path.split(separator: ":").compactMap { folder in
            let file = FilePath(String(folder)).appending(program)
            guard access(file.string, X_OK) == 0, let real = file.realPath else { return nil }
            return real.removingLastComponent().removingLastComponent()
        }
    }

    /// The installs of asdf and mise, newest first.
    private func managed(_ tool: String) -> [FilePath] {
        managers.flatMap { manager in
            let folder = manager.appending("installs/\(tool)")
            return folder.names
                .map { (name: $0, numbers: $0.split { !$0.isNumber }.compactMap { Int($0) }) }
                .filter { !$0.numbers.isEmpty }
                .sorted { $1.numbers.lexicographicallyPrecedes($0.numbers) }
                .flatMap { [folder.appending($0.name), folder.appending($0.name).appending("lib/erlang")] }
                .compactMap(\.realPath)
        }
    }

    private var managers: [FilePath] {
        let home = environment["HOME"].map { FilePath($0) }
        return [
            environment["ASDF_DATA_DIR"].map { FilePath($0) } ?? home?.appending(".asdf"),
            environment["MISE_DATA_DIR"].map { FilePath($0) } ?? home?.appending(".local/share/mise"),
        ].compactMap { $0 }
    }
}
