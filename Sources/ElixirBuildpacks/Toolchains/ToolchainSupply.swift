import Commands
import Digests
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Where the Elixir and Erlang come from that a machine lacks: a folder that keeps them, and a server that has them.
package struct ToolchainSupply: Sendable {
    /// The folder that keeps what was installed, for all projects.
    let root: FilePath
    let settings: DownloadSettings
    let downloader: any Downloader
    let runner: any CommandRunner
    /// The version of the C library that builds must run with.
    let library: String
    /// Whether what is kept is looked over before it is used; a platform does that with its layers itself.
    let isSealed: Bool

    /// - Parameters:
    ///   - root: a folder that keeps what was installed; made where it is missing.
    ///   - settings: the server, and whether the network may be used.
    ///   - library: the version of the C library, such as `2.36`; by default this machine's.
    ///   - isSealed: whether what is kept is looked over before it is used.
    package init(
        root: FilePath, settings: DownloadSettings, downloader: any Downloader, runner: any CommandRunner,
        library: String? = nil, isSealed: Bool = true
    ) {
        self.root = root
        self.settings = settings
        self.downloader = downloader
        self.runner = runner
        self.library = library ?? UbuntuRelease.machineLibrary
        self.isSealed = isSealed
    }

    /// The layer of the Erlang runtime that keeps what was installed, on platforms that keep layers only.
    static let layerName = "toolchains"

    /// Where toolchains are kept among the layers of all buildpacks; a place that is never there where there are none.
    package static func root(inLayers layers: FilePath?) -> FilePath {
        (layers ?? "/layers").appending(BuildpackID.erlangRuntime).appending(layerName)
    }

    /// Whether a toolchain that another machine fetched runs here, by its folder's name.
    package static func runsHere(_ folder: String) -> Bool {
        guard let match = folder.wholeMatch(of: /otp-.+-(ubuntu-[0-9.]+)/) else { return folder.hasPrefix("elixir-") }
        return UbuntuRelease.fitting(UbuntuRelease.machineLibrary).contains(String(match.1))
    }

    /// The toolchain that meets a need without the network; `nil` where something is yet to be fetched.
    func toolchain(for need: ToolchainNeed, machine: Toolchain?) -> Toolchain? {
        let store = ToolchainStore(root: root)
        guard let pick = try? ToolchainPick(need, elixirs: store.elixirs, erlangs: store.erlangs) else { return nil }
        return store.toolchain(pick, machine: machine)
    }

    /// Removes of a toolchain what was installed here and is no longer what it was.
    /// - Parameter notice: told what is removed, and why.
    func removeDamaged(_ toolchain: Toolchain, notice: (String) -> Void) throws {
        guard isSealed else { return }
        for folder in [toolchain.erlangRoot, toolchain.elixirRoot]
        where folder.removingLastComponent().realPath == root.realPath {
            try SealedFolder(folder).removeIfDamaged(notice: notice)
        }
    }

    /// The toolchain that meets a need, installed first where that is needed.
    /// - Parameter notice: told what is fetched, and from where, before it is.
    /// - Throws: `Failure` that says in one line what could not be had, `CancellationError`.
    func provide(
        _ need: ToolchainNeed, machine: Toolchain?, settings: DownloadSettings,
        notice: @escaping @Sendable (String) -> Void
    ) async throws -> Toolchain {
        if let there = toolchain(for: need, machine: machine) { return there }
        let supply = ToolchainSupply(
            root: root, settings: settings, downloader: downloader, runner: runner, library: library,
            isSealed: isSealed)
        return try await ToolchainInstaller(supply: supply, need: need, machine: machine, notice: notice).install()
    }
}

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
            try? SealedFolder(name).remove()
        }
    }

    static func folderName(_ erlang: BuildList.Build, _ release: String) -> String {
        "otp-\(erlang.version)-\(release)"
    }

    static func folderName(_ elixir: BuildList.Build) -> String {
        "elixir-\(elixir.version)" + (elixir.otpMajor.map { "-otp-\($0)" } ?? "")
    }
}
