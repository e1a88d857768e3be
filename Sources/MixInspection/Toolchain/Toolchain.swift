public import SystemPackage

/// The Erlang and Elixir that are installed on this machine.
public struct Toolchain: Sendable, Hashable {
    /// Elixir's version, for example `1.14.0`.
    public var elixirVersion: String
    /// Erlang/OTP's version, for example `25.2.3`.
    public var otpVersion: String
    /// The runtime system's version, for example `13.1.5`.
    public var ertsVersion: String
    /// Elixir's folder, the one with `bin` and `lib`.
    public var elixirRoot: FilePath
    /// Erlang's folder, the one with `erts-*` and `lib`.
    public var erlangRoot: FilePath

    /// Creates a toolchain.
    public init(
        elixirVersion: String, otpVersion: String, ertsVersion: String, elixirRoot: FilePath, erlangRoot: FilePath
    ) {
        self.elixirVersion = elixirVersion
        self.otpVersion = otpVersion
        self.ertsVersion = ertsVersion
        self.elixirRoot = elixirRoot
        self.erlangRoot = erlangRoot
    }
}
