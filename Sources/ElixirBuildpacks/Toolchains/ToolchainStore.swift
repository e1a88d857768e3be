import Files
import MixInspection
import SystemPackage

/// The folder that keeps installed toolchains: `otp-27.3.4-ubuntu-22.04`, `elixir-1.18.4-otp-27`.
///
/// A folder gets its name when it is complete, so that whatever is there can be used.
struct ToolchainStore {
    let root: FilePath

    /// The Elixirs that are there; their names are those of their folders.
    var elixirs: [BuildList.Build] {
        root.names.compactMap { name in
            guard let match = name.wholeMatch(of: /elixir-(.+?)(?:-otp-([0-9]+))?/) else { return nil }
            return BuildList.Build(name: name, version: String(match.1), otpMajor: match.2.flatMap { Int($0) })
        }
    }

    /// The Erlangs that are there.
    var erlangs: [BuildList.Build] {
        root.names.compactMap { name in
            guard let match = name.wholeMatch(of: /otp-(.+)-ubuntu-[0-9.]+/) else { return nil }
            return BuildList.Build(name: name, version: String(match.1))
        }
    }

    /// The toolchain of some builds that are there; what is not picked is the machine's.
    func toolchain(_ pick: ToolchainPick, machine: Toolchain?) -> Toolchain? {
        let elixir = pick.elixir.map { root.appending($0.name) } ?? machine?.elixirRoot
        let erlang = pick.erlang.map { root.appending($0.name) } ?? machine?.erlangRoot
        guard let elixir, let erlang else { return nil }
        return Toolchain(elixirRoot: elixir, erlangRoot: erlang)
    }

    /// Removes the toolchains that are no longer used.
    func remove(except used: Toolchain) {
        for name in (elixirs + erlangs).map({ root.appending($0.name) })
        where name != used.elixirRoot && name != used.erlangRoot {
            try? name.remove()
        }
    }

    /// The folder of a build of Erlang.
    static func folderName(_ erlang: BuildList.Build, _ release: String) -> String {
        "otp-\(erlang.version)-\(release)"
    }

    /// The folder of a build of Elixir.
    static func folderName(_ elixir: BuildList.Build) -> String {
        "elixir-\(elixir.version)" + (elixir.otpMajor.map { "-otp-\($0)" } ?? "")
    }
}
