import FoundationEssentials
public import SystemPackage

/// The Elixir and the Erlang that this machine's own `PATH` has.
public struct MachineToolchain: Sendable {
    /// Elixir's folder, the one with `bin` and `lib`.
    public let elixirRoot: FilePath
    /// Erlang's folder, the one with `erts-*` and `releases`.
    public let erlangRoot: FilePath
    /// Elixir's version, such as `1.14.0`.
    public let elixir: String
    /// Erlang/OTP's version, such as `25.2.3`.
    public let erlang: String

    /// Reads the versions from the installs' own files.
    /// - Throws: `TestSupportError` if there is none.
    public init() throws {
        (elixirRoot, erlangRoot) = (try Self.root("elixir"), try Self.root("erl"))
        let text = try elixirRoot.appending("lib/elixir/ebin/elixir.app").readText()
        let releases = erlangRoot.appending("releases")
        let words = try releases.appending("start_erl.data").readText().split(whereSeparator: \.isWhitespace)
        guard let version = text.firstMatch(of: /\{vsn,\s*"([^"]+)"/), let release = words.last else {
            throw TestSupportError("the Elixir or Erlang of this machine does not say its version")
        }
        elixir = String(version.1)
        let full = try? releases.appending("\(release)/OTP_VERSION").readText()
        erlang = full?.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? String(release)
    }

    private static func root(_ program: String) throws -> FilePath {
        let file = try findTool(program)
        let real = FilePath(URL(filePath: file.string).resolvingSymlinksInPath().path)
        return real.removingLastComponent().removingLastComponent()
    }
}
