import SystemPackage

/// The Erlang and Elixir that are installed on this machine.
package struct Toolchain: Sendable, Hashable {
    /// Elixir's version, for example `1.14.0`.
    package var elixirVersion: String
    /// Erlang/OTP's version, for example `25.2.3`.
    package var otpVersion: String
    /// The runtime system's version, for example `13.1.5`.
    package var ertsVersion: String
    /// Elixir's folder, the one with `bin` and `lib`.
    package var elixirRoot: FilePath
    /// Erlang's folder, the one with `erts-*` and `lib`.
    package var erlangRoot: FilePath

    package init(
        elixirVersion: String, otpVersion: String, ertsVersion: String, elixirRoot: FilePath, erlangRoot: FilePath
    ) {
        self.elixirVersion = elixirVersion
        self.otpVersion = otpVersion
        self.ertsVersion = ertsVersion
        self.elixirRoot = elixirRoot
        self.erlangRoot = erlangRoot
    }
}
