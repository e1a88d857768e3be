import Diagnostics
import Files
import SystemPackage

extension Toolchain {
    /// Finds the Erlang and Elixir that a shell with this environment starts in a folder, without starting anything.
    /// - Throws: `Failure` of the kind `noToolchain`, which says how to get what is missing.
    package static func discover(
        environment: [String: String], in folder: FilePath = "/"
    ) throws(Failure) -> Toolchain {
        let installed = InstalledToolchains(for: folder, environment: environment)
        guard let toolchain = installed.toolchain(for: VersionRequests([]))?.toolchain else { throw installed.missing }
        return toolchain
    }

    /// The toolchain in two folders; `nil` if it is not there.
    package init?(elixirRoot: FilePath, erlangRoot: FilePath) {
        guard let elixir = ToolInstall(.elixir, at: elixirRoot), let erlang = ToolInstall(.erlang, at: erlangRoot)
        else { return nil }
        self.init(
            elixirVersion: elixir.version, otpVersion: erlang.version, ertsVersion: erlang.runtimeVersion ?? "",
            elixirRoot: elixirRoot, erlangRoot: erlangRoot)
    }
}

extension InstalledToolchains {
    /// What to say if there is no pair on this machine.
    package var missing: Failure {
        let what: String
        switch (elixirs.first, erlangs.first) {
        case (nil, nil): what = "no Elixir and no Erlang"
        case (let elixir?, nil): what = "Elixir \(elixir.version) but no Erlang"
        case (nil, _?), (_?, _?): what = "no Elixir"
        }
        return Failure(.noToolchain, "this machine has \(what)", advice: advice)
    }
}
